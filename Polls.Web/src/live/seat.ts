import { signal } from '@preact/signals';
import { codeIn } from './address';
import { forget, recall, remember } from './keepsake';
import { latinDigits } from './typing';

/** How many characters a seat code has. */
export const seatLength = 8;

/**
 * The characters of a code in what somebody typed, scanned or pasted, as a link or not. Codes have none of the letters
 * I, L, O and U: whoever typed one of these read a 1, a 0 or a V.
 */
export const seatOf = (typed: string): string => latinDigits(typed.normalize('NFKC')).replace(/^.*seat=/i, '').toUpperCase()
  .replace(/[IL]/g, '1').replace(/O/g, '0').replace(/U/g, 'V').replace(/[^0-9A-Z]/g, '').slice(0, seatLength);

/** As it stands on the slip: two groups of four. */
export const seatShown = (code: string): string => (code.length > 4 ? `${code.slice(0, 4)}-${code.slice(4)}` : code);

const key = (room: string): string => `seat.${room}`;
const arrivals = signal(0);

/** The code of the slip with whose link somebody came to this room. It is kept until it let them in, also over a reload. */
export function slipFor(room: string): string {
  arrivals.value;
  return recall<string>(key(room)) ?? '';
}

export const forgetSlip = (room: string): void => forget(key(room));

const attemptKey = (room: string): string => `attempt.${room}`;

/** What this device says again when it was not answered, so that the code it has taken lets it in after all. */
export function attemptFor(room: string): string {
  const known = recall<string>(attemptKey(room));
  if (known) return known;
  // Not randomUUID, which is not there on pages without encryption, such as on a host's own network.
  const drawn = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  remember(attemptKey(room), drawn);
  return drawn;
}

export const forgetAttempt = (room: string): void => forget(attemptKey(room));

/**
 * Takes the code out of a slip's link. It comes in the fragment, which no server and no log sees, and leaves the address
 * at once, so that nobody joins with a link that is passed on. Who is in the room already needs none.
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
