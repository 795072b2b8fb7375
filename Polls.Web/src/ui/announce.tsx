import { signal } from '@preact/signals';

const said = signal('');

/** Announces text to screen readers, also if it repeats the last one. */
export function announce(text: string): void {
  said.value = said.peek() === text ? `${text}\u00a0` : text;
}

/** The live region. Each page contains it once, outside of elements that are added and removed. */
export const Announcer = () => <div class="unseen" role="status" aria-live="polite">{said}</div>;
