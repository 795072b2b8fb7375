import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';

const smallest = 0.12;
const worthIt = 1.15;
const steps = 7;

/**
 * Scales the content of the element so that it fits without scrolling, for any text and screen: for these reasons, and
 * whenever it has grown too large.
 */
export function useFit(element: RefObject<HTMLElement | null>, reasons: unknown[]): void {
  useLayoutEffect(() => fit(element.current), reasons);
  useLayoutEffect(() => {
    if (element.current && !fits(element.current)) fit(element.current);
  });
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
  const tries = (size: number): boolean => {
    element.style.setProperty('--fit', size.toFixed(3));
    return fits(element);
  };
  if (tries(1)) return 1;
  let [fitted, tooLarge] = [smallest, 1];
  for (let step = 0; step < steps; step++) {
    const middle = (fitted + tooLarge) / 2;
    if (tries(middle)) fitted = middle;
    else tooLarge = middle;
  }

  tries(fitted);
  return fitted;
}

const fits = (element: HTMLElement): boolean =>
  element.scrollHeight <= element.clientHeight + 1 && element.scrollWidth <= element.clientWidth + 1;
