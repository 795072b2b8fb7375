import { signal } from '@preact/signals';

const said = signal('');

let waiting: string[] = [];

/** Announces text to screen readers, also if it repeats the last one. Texts of the same moment are read one by one. */
export function announce(text: string): void {
  if (waiting.push(text) > 1) return;
  queueMicrotask(() => {
    const all = waiting.join(' ');
    waiting = [];
    said.value = said.peek() === all ? `${all}\u00a0` : all;
  });
}

/** The live region. Each page contains it once, outside of elements that are added and removed. */
export const Announcer = () => <div class="unseen" role="status" aria-live="polite">{said}</div>;
