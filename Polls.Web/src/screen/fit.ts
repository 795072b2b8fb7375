import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';

const smallest = 0.35;
const worthIt = 1.15;

/** Scales the content of the element so that it fits without scrolling, for any text and screen. */
export function useFit(element: RefObject<HTMLElement | null>, reasons: unknown[]): void {
  useLayoutEffect(() => fit(element.current), reasons);
  useEffect(() => {
    const again = (): void => fit(element.current);
    addEventListener('resize', again);
    return () => removeEventListener('resize', again);
  }, []);
}

/** Uses one column, whose bars are easy to compare, unless two columns allow a readable size. */
function fit(element: HTMLElement | null): void {
  if (!element) return;
  const one = fitting(element, false);
  if (one === 1 || fitting(element, true) < one * worthIt) fitting(element, false);
}

/** Sets and returns the largest size that fits. */
function fitting(element: HTMLElement, columns: boolean): number {
  element.classList.toggle('columns', columns);
  for (let size = 1; ; size -= 0.05) {
    element.style.setProperty('--fit', size.toFixed(2));
    if (size <= smallest || element.scrollHeight <= element.clientHeight + 1) return size;
  }
}
