import { signal } from '@preact/signals';
import { AccountApi } from '../contract/accounts';
import { withToken } from '../live/account';

export const asAccount = <T>(work: (api: AccountApi) => Promise<T>): Promise<T> => withToken((token) => work(new AccountApi(token)));

/** What a link brought along: an invitation to register, or to host a room with others; or the room that somebody signs in for. */
export const invited = signal<{ register?: string; cohost?: string; join?: string }>({});

/** Takes it out of the address at once, as the tokens of other devices. */
export function takeInvitation(): void {
  const said = new URLSearchParams(location.hash.slice(1));
  const [register, cohost] = [said.get('register'), said.get('cohost')];
  const join = /^\d{6}$/.exec(said.get('join') ?? '')?.[0];
  if (!register && !cohost && !join) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  invited.value = { ...(register ? { register } : {}), ...(cohost ? { cohost } : {}), ...(join ? { join } : {}) };
}
