import { signal } from '@preact/signals';
import { refresh, type Tokens } from '../contract/accounts';
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
  forget(key);
  account.value = undefined;
}

async function renew(): Promise<SignedIn> {
  const { email, refreshToken } = account.peek()!;
  try {
    keepTokens(email, await refresh(refreshToken));
  } catch (error) {
    // Signed out elsewhere, or the refresh token expired.
    if (error instanceof Refusal && error.code === 'auth.required') signOut();
    throw error;
  }

  return account.peek()!;
}

/** Runs work with a valid account token; fails with 'auth.required' if signed out. */
export async function withToken<T>(work: (token: string) => Promise<T>): Promise<T> {
  let signedIn = account.peek();
  if (!signedIn) throw new Refusal('auth.required');
  if (signedIn.until - marginMs < Date.now()) signedIn = await renew();
  try {
    return await work(signedIn.accessToken);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'auth.required') throw error;
    return work((await renew()).accessToken);
  }
}
