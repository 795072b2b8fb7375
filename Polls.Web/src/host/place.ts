import { signal } from '@preact/signals';

const narrow = matchMedia('(max-width: 859px)');

/** One column: the list and the poll take turns. Agrees with host.css. */
export const oneColumn = signal(narrow.matches);
narrow.addEventListener('change', () => {
  oneColumn.value = narrow.matches;
});

const inAddress = (): string | undefined => new URLSearchParams(location.hash.slice(1)).get('poll') ?? undefined;

/**
 * Which poll is looked at, kept in the address: a reload stays there, and on a phone the way back leads from the poll to
 * the list.
 */
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

/** Moves the focus once what is to be focused is there and in sight, which takes a frame or, on the way back, a few. */
export function focusSoon(id: string, frames = 20): void {
  requestAnimationFrame(() => {
    const element = document.getElementById(id);
    element?.focus();
    if (frames > 0 && (!element || document.activeElement !== element)) focusSoon(id, frames - 1);
  });
}
