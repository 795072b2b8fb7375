import { signal } from '@preact/signals';
import { codeIn } from '../live/address';
import { recall, remember } from '../live/keepsake';

/** A room that this device can host. */
export interface HostedRoom {
  code: string;
  title: string;
  token: string;
  createdAt: string;
  /** The join link from the server. */
  joinUrl?: string;
  /** The token that a link replaced; used again if the link's token is refused. */
  before?: string;
}

const key = 'host.rooms';
const stored = (): HostedRoom[] => {
  const rooms = recall<HostedRoom[]>(key);
  return Array.isArray(rooms) ? rooms : [];
};

/** Newest first. */
export const hostedRooms = signal(stored());

addEventListener('storage', () => {
  hostedRooms.value = stored();
});

/** Another tab may have added a room, so every change starts with the stored list. */
function change(edit: (rooms: HostedRoom[]) => HostedRoom[]): void {
  hostedRooms.value = edit(stored());
  remember(key, hostedRooms.value);
}

export const findHosted = (code: string): HostedRoom | undefined => hostedRooms.value.find((room) => room.code === code);

export const keepRoom = (room: HostedRoom): void => change((rooms) => [room, ...rooms.filter(({ code }) => code !== room.code)]);

export const dropRoom = (code: string): void => change((rooms) => rooms.filter((room) => room.code !== code));

export function nameRoom(code: string, title: string): void {
  if (findHosted(code)?.title !== title) change((rooms) => rooms.map((room) => (room.code === code ? { ...room, title } : room)));
}

/** Removes a refused token. Returns true if an older one takes its place. */
export function tryTokenBefore(code: string): boolean {
  const known = findHosted(code);
  if (!known?.before) return false;
  const { before, ...room } = known;
  change((rooms) => rooms.map((other) => (other.code === code ? { ...room, token: before } : other)));
  return true;
}

/**
 * Takes the token from a link of another device. It is in the fragment, which no server and no log sees, and is removed
 * from the address at once, so that no one reads it from a projected browser.
 */
export function takeToken(): void {
  const code = codeOf(location.pathname);
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  const known = code ? findHosted(code) : undefined;
  if (!code || !token || known?.token === token) return;
  keepRoom({ code, title: known?.title ?? '', token, createdAt: known?.createdAt ?? new Date().toISOString(), ...(known ? { before: known.token } : {}) });
}

/** The room code in an address of this page. */
export const codeOf = (path: string): string | undefined => codeIn(path, 'host');

export const deviceLink = ({ code, token }: HostedRoom): string => `${location.origin}/host/${code}#token=${encodeURIComponent(token)}`;
export const joinLink = ({ code, joinUrl }: HostedRoom): string => joinUrl ?? `${location.origin}/r/${code}`;
