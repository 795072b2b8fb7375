import { signal } from '@preact/signals';
import { AccountApi } from '../contract/accounts';
import { withToken } from '../live/account';

export const asAccount = <T>(work: (api: AccountApi) => Promise<T>): Promise<T> => withToken((token) => work(new AccountApi(token)));

/** Content of a link: an invitation to register or to co-host a room, or the room that the user signs in for. */
export const invited = signal<{ register?: string; cohost?: string; join?: string }>({});

/** Removes it from the address at once, like tokens from other devices. */
export function takeInvitation(): void {
  const said = new URLSearchParams(location.hash.slice(1));
  const [register, cohost] = [said.get('register'), said.get('cohost')];
  const join = /^\d{6}$/.exec(said.get('join') ?? '')?.[0];
  if (!register && !cohost && !join) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  invited.value = { ...(register ? { register } : {}), ...(cohost ? { cohost } : {}), ...(join ? { join } : {}) };
}
