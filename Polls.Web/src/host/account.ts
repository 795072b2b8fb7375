import { signal } from '@preact/signals';
import { AccountApi, refresh, type Tokens } from '../contract/accounts';
import { Refusal } from '../contract/http';
import { forget, recall, remember } from '../live/keepsake';

interface SignedIn {
  email: string;
  accessToken: string;
  refreshToken: string;
  /** When the access token expires, by this device's clock. */
  until: number;
}

const key = 'host.account';
/** Before it expires on the way. */
const marginMs = 60_000;

/** The account that this device is signed in with. */
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
    // Signed out from elsewhere, or not here for weeks.
    if (error instanceof Refusal && error.code === 'auth.required') signOut();
    throw error;
  }

  return account.peek()!;
}

/** Does something as the account, with a token that is good; signed out, it is refused with 'auth.required'. */
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

export const asAccount = <T>(work: (api: AccountApi) => Promise<T>): Promise<T> => withToken((token) => work(new AccountApi(token)));

/** What a link brought along: an invitation to register, or to host a room with others. */
export const invited = signal<{ register?: string; cohost?: string }>({});

/** Takes it out of the address at once, as the tokens of other devices. */
export function takeInvitation(): void {
  const said = new URLSearchParams(location.hash.slice(1));
  const [register, cohost] = [said.get('register'), said.get('cohost')];
  if (!register && !cohost) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  invited.value = { ...(register ? { register } : {}), ...(cohost ? { cohost } : {}) };
}
