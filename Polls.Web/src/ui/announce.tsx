import { signal } from '@preact/signals';

const said = signal<{ id: number; text: string }[]>([]);

let newest = 0;

/** Screen readers have noticed a text long before. */
const keptMs = 60_000;

/** Announces text to screen readers, also if it repeats the last one. */
export function announce(text: string): void {
  // An element of its own: a text that the next one replaces at once is never read.
  said.value = [...said.peek(), { id: ++newest, text }];
  setTimeout(() => {
    said.value = said.peek().slice(1);
  }, keptMs);
}

/** The live region. Each page contains it once, outside of elements that are added and removed. */
export const Announcer = () => (
  <div class="unseen" role="status" aria-atomic="false">{said.value.map(({ id, text }) => <p key={id}>{text}</p>)}</div>
);
