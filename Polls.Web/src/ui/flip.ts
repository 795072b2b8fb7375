import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

const duration = 420;
const easing = 'cubic-bezier(.2, .8, .2, 1)';

/**
 * Moves elements with data-flip to their new places whenever the order changes, instead of letting them jump. The
 * value of data-flip says which one it is, also if it is another element afterwards.
 */
export function useFlip(list: RefObject<HTMLElement | null>, order: string): void {
  const last = useRef(order);
  const before = useRef(new Map<string, DOMRect>());
  // While rendering, the page still shows the old order.
  if (last.current !== order) before.current = places(list.current);
  last.current = order;
  useLayoutEffect(() => {
    const old = before.current;
    before.current = new Map();
    if (old.size === 0 || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    for (const element of flipped(list.current)) {
      const [from, to] = [old.get(element.dataset.flip!), element.getBoundingClientRect()];
      if (!from || (from.left === to.left && from.top === to.top)) continue;
      element.animate([{ transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)` }, { transform: 'none' }], { duration, easing });
    }
  }, [order]);
}

const flipped = (list: HTMLElement | null): HTMLElement[] => [...list?.querySelectorAll<HTMLElement>('[data-flip]') ?? []];

const places = (list: HTMLElement | null): Map<string, DOMRect> =>
  new Map(flipped(list).map((element) => [element.dataset.flip!, element.getBoundingClientRect()]));
