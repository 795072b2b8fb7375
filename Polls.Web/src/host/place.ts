import { signal } from '@preact/signals';

const narrow = matchMedia('(max-width: 859px)');

/** One column shows either the list or the poll. Must match host.css. */
export const oneColumn = signal(narrow.matches);
narrow.addEventListener('change', () => {
  oneColumn.value = narrow.matches;
});

const inAddress = (): string | undefined => new URLSearchParams(location.hash.slice(1)).get('poll') ?? undefined;

/** The shown poll, kept in the address: a reload keeps it, and on a phone 'back' leads from the poll to the list. */
export class Place {
  readonly poll = signal(inAddress());

  constructor() {
    addEventListener('popstate', this.read);
  }

  go(poll: string | undefined): void {
    if (poll === this.poll.peek()) return;
    const address = location.pathname + location.search + (poll ? `#poll=${poll}` : '');
    if (poll && oneColumn.peek() && !this.poll.peek()) history.pushState({ fromList: true }, '', address);
    else history.replaceState(history.state, '', address);
    this.poll.value = poll;
  }

  back(): void {
    if (this.poll.peek() && (history.state as { fromList?: boolean } | null)?.fromList) history.back();
    else this.go(undefined);
  }

  end(): void {
    removeEventListener('popstate', this.read);
  }

  private readonly read = (): void => {
    this.poll.value = inAddress();
  };
}

/**
 * Moves the focus once the element exists and is visible: usually after the rendering of what has just changed, before
 * the next key is handled; otherwise after a few frames.
 */
export function focusSoon(id: string, frames = 20): void {
  const focus = (left: number): void => {
    const element = document.getElementById(id);
    element?.focus();
    if (left > 0 && (!element || document.activeElement !== element)) requestAnimationFrame(() => focus(left - 1));
  };
  // Preact renders in a microtask, which is already waiting.
  queueMicrotask(() => focus(frames));
}
