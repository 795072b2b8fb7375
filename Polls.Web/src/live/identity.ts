import { forget, recall, remember, storageKey } from './keepsake';

/** Who this browser is in a room. */
export interface Identity {
  participantId: string;
  token: string;
}

const key = (code: string): string => `room.${code}`;

export const identityIn = (code: string): Identity | undefined => recall<Identity>(key(code));

export const forgetIdentity = (code: string): void => forget(key(code));

/**
 * Joins once per browser: of several tabs at the join form, the first one joins and the others become the same
 * participant. Without Web Locks, which need HTTPS, only tabs that join in the very same moment become two.
 */
export async function joinOnce(code: string, join: () => Promise<Identity>): Promise<Identity> {
  const enter = async (): Promise<Identity> => {
    const known = identityIn(code);
    if (known) return known;
    const joined = await join();
    remember(key(code), joined);
    return joined;
  };
  return navigator.locks ? await navigator.locks.request(storageKey(key(code)), enter) : enter();
}

/** Calls back when another tab has joined the room; returns how to stop. */
export function whenJoinedElsewhere(code: string, enter: (identity: Identity) => void): () => void {
  const look = (event: StorageEvent): void => {
    const identity = event.key === storageKey(key(code)) ? identityIn(code) : undefined;
    if (identity) enter(identity);
  };
  addEventListener('storage', look);
  return () => removeEventListener('storage', look);
}
