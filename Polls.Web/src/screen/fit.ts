import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';

const smallest = 0.35;

/** Sizes everything within the element so that it fits without scrolling, whatever the host wrote and whatever the screen. */
export function useFit(element: RefObject<HTMLElement | null>, reasons: unknown[]): void {
  useLayoutEffect(() => fit(element.current), reasons);
  useEffect(() => {
    const again = (): void => fit(element.current);
    addEventListener('resize', again);
    return () => removeEventListener('resize', again);
  }, []);
}

function fit(element: HTMLElement | null): void {
  if (!element) return;
  for (let size = 1; size >= smallest; size -= 0.05) {
    element.style.setProperty('--fit', size.toFixed(2));
    if (element.scrollHeight <= element.clientHeight + 1) return;
  }
}
