import { signal } from '@preact/signals';
import { codeIn } from './address';
import { forget, recall, remember } from './keepsake';
import { latinDigits } from './typing';

/** Number of characters of a seat code. */
export const seatLength = 8;

/**
 * The characters of a code in typed, scanned or pasted text, also in a link. Codes do not use the letters I, L, O and
 * U: these are misread 1, 0 or V.
 */
export const seatOf = (typed: string): string => latinDigits(typed).replace(/^.*seat=/i, '').toUpperCase()
  .replace(/[IL]/g, '1').replace(/O/g, '0').replace(/U/g, 'V').replace(/[^0-9A-Z]/g, '').slice(0, seatLength);

/** The format on the slip: two groups of four. */
export const seatShown = (code: string): string => (code.length > 4 ? `${code.slice(0, 4)}-${code.slice(4)}` : code);

const key = (room: string): string => `seat.${room}`;
const arrivals = signal(0);

/** The seat code from the opened link. Kept until the participant has joined, also across a reload. */
export function slipFor(room: string): string {
  arrivals.value;
  return recall<string>(key(room)) ?? '';
}

export const forgetSlip = (room: string): void => forget(key(room));

const attemptKey = (room: string): string => `attempt.${room}`;

export const hasAttempt = (room: string): boolean => recall(attemptKey(room)) !== undefined;

/** The device's secret for retries of what can be done once, such as joining with a code, if the answer was lost. */
export function attemptFor(room: string): string {
  const known = recall<string>(attemptKey(room));
  if (known) return known;
  // Not randomUUID, which is not available on pages without HTTPS, for example on a local network.
  const drawn = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  remember(attemptKey(room), drawn);
  return drawn;
}

export const forgetAttempt = (room: string): void => forget(attemptKey(room));

/**
 * Takes the code from a slip's link. It is in the fragment, which no server and no log sees, and is removed from the
 * address at once, so that no one joins with a forwarded link. Participants of the room need no code.
 */
export function takeSlip(): void {
  const scanned = new URLSearchParams(location.hash.slice(1)).get('seat');
  if (scanned === null) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  const room = codeIn(location.pathname, 'r');
  if (!room || recall(`room.${room}`)) return;
  remember(key(room), seatShown(seatOf(scanned)));
  arrivals.value++;
}
