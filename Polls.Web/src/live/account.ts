import { signal } from '@preact/signals';
import { endSession, refresh, type Tokens } from '../contract/accounts';
import { Refusal } from '../contract/http';
import { forget, recall, remember } from './keepsake';

interface SignedIn {
  email: string;
  accessToken: string;
  refreshToken: string;
  /** When the access token expires, on this device's clock. */
  until: number;
}

const key = 'host.account';
/** Refresh early, so that it does not expire during a request. */
const marginMs = 60_000;

/** The signed-in account. */
export const account = signal(recall<SignedIn>(key));
addEventListener('storage', () => {
  account.value = recall<SignedIn>(key);
});

export function keepTokens(email: string, { accessToken, refreshToken, expiresIn }: Tokens): void {
  account.value = { email, accessToken, refreshToken, until: Date.now() + expiresIn * 1000 };
  remember(key, account.value);
}

export function signOut(): void {
  // Without an answer the session ends by itself, after some days without use.
  if (account.peek()) endSession(account.peek()!.refreshToken).catch(() => undefined);
  forget(key);
  account.value = undefined;
}

/** A refresh token works once, so the tabs renew one after the other, and the second finds what the first got. */
const renew = (stale: SignedIn): Promise<SignedIn> => alone(async () => {
  const now = recall<SignedIn>(key);
  // Another tab signed out, or in to another account.
  if (now?.email !== stale.email) throw new Refusal('auth.required');
  if (now.refreshToken !== stale.refreshToken) return (account.value = now);
  try {
    keepTokens(stale.email, await refresh(stale.refreshToken));
  } catch (error) {
    // Signed out elsewhere, or the refresh token expired.
    if (error instanceof Refusal && error.code === 'auth.required') signOut();
    throw error;
  }

  return account.peek()!;
});

// Pages without HTTPS have no locks. There the server accepts the repetition of a moment ago.
const alone = <T>(work: () => Promise<T>): Promise<T> => (navigator.locks ? navigator.locks.request(key, work) : work());

/** Runs work with a valid account token; fails with 'auth.required' if signed out. */
export async function withToken<T>(work: (token: string) => Promise<T>): Promise<T> {
  let signedIn = account.peek();
  if (!signedIn) throw new Refusal('auth.required');
  if (signedIn.until - marginMs < Date.now()) signedIn = await renew(signedIn);
  try {
    return await work(signedIn.accessToken);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'auth.required') throw error;
    return work((await renew(signedIn)).accessToken);
  }
}
