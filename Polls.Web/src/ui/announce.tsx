import { signal } from '@preact/signals';

const said = signal('');

/** Tells people who listen to their screen; the same words twice are told twice. */
export function announce(text: string): void {
  said.value = said.peek() === text ? `${text}\u00a0` : text;
}

/** Where it is told. Belongs on every page once, outside of everything that comes and goes. */
export const Announcer = () => <div class="unseen" role="status" aria-live="polite">{said}</div>;
