import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AccountRoom } from '../contract/accounts';
import type { CreatedRoom } from '../contract/types';
import { account } from '../live/account';
import { fill } from '../messages/text';
import { texts } from '../messages/texts';
import { useBackOnline } from '../ui/offline';
import { asAccount, invited } from './account';
import { CoHostsDialog } from './CoHostsDialog';
import { Confirm } from './Confirm';
import { Icon } from './Icon';
import { focusSoon } from './place';
import { asRefusal, explain } from './refusals';
import { dropRoom, keepRoom } from './rooms';

const t = texts('host');
const common = texts('common');
const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });

/** The rooms of the signed-in account. */
export function AccountRooms({ go }: { go(path: string): void }) {
  const rooms = useSignal<AccountRoom[]>([]);
  const next = useSignal<string | undefined>(undefined);
  const [read, error] = [useSignal(false), useSignal('')];
  const asks = useSignal<{ what: 'delete' | 'coHosts'; room: AccountRoom } | undefined>(undefined);
  const run = async (work: () => Promise<void>): Promise<void> => {
    error.value = '';
    try {
      await work();
    } catch (caught) {
      error.value = explain(asRefusal(caught));
    }
  };
  const load = async (after?: string): Promise<void> => {
    const page = await asAccount((api) => api.rooms(after));
    rooms.value = after ? [...rooms.peek(), ...page.rooms] : page.rooms;
    [next.value, read.value] = [page.next, true];
  };
  useBackOnline(error, false, () => void run(load));
  const enter = (made: CreatedRoom, createdAt: string): void => {
    keepRoom({ code: made.code, title: made.title, token: made.hostToken, joinUrl: made.joinUrl, createdAt });
    go(`/host/${made.code}`);
  };
  useEffect(() => void run(async () => {
    const { cohost, ...others } = invited.peek();
    try {
      if (cohost) {
        invited.value = others;
        await asAccount((api) => api.acceptHosting(cohost));
      }
    } finally {
      await load();
    }
  }), [account.value?.email, invited.value.cohost !== undefined]);
  const close = (): void => {
    asks.value = undefined;
  };
  const asked = asks.value;
  return (
    <section class="rooms" aria-labelledby="account-rooms-title">
      <h2 id="account-rooms-title" tabIndex={-1}>{t.accountRooms}</h2>
      <p role="alert" class="error">{error.value}</p>
      {read.value && rooms.value.length === 0 && <p class="muted nothing">{t.noAccountRooms}</p>}
      <ul>
        {rooms.value.map((room) => {
          const { roomId, code, title, state, role, createdAt } = room;
          const name = { title: title || code };
          return (
            <li key={roomId} class="room-row">
              <a href={`/host/${code}${location.search}`} onClick={(event) => {
                event.preventDefault();
                void run(async () => enter(await asAccount((api) => api.hostToken(roomId)), createdAt));
              }}>
                <strong dir="auto">{title}</strong>
                <span class="muted numbers"><span class="code" dir="ltr">{code}</span> {state === 'closed' ? common.ended : fill(t.created, { date: when.format(new Date(createdAt)) })}{role === 'coHost' ? ` · ${t.asCoHost}` : ''}</span>
                <Icon name="arrow" mirrored />
              </a>
              {role === 'owner' && <>
                {state === 'closed' && <button class="icon-button" type="button" aria-label={fill(t.reopenRoomNamed, name)} title={fill(t.reopenRoomNamed, name)}
                  onClick={() => void run(async () => enter(await asAccount((api) => api.reopen(roomId)), createdAt))}><Icon name="reset" /></button>}
                <button class="icon-button" type="button" aria-label={fill(t.coHostsNamed, name)} title={fill(t.coHostsNamed, name)} onClick={() => {
                  asks.value = { what: 'coHosts', room };
                }}><Icon name="people" /></button>
                <button class="icon-button" type="button" aria-label={fill(t.deleteRoomNamed, name)} title={fill(t.deleteRoomNamed, name)} onClick={() => {
                  asks.value = { what: 'delete', room };
                }}><Icon name="trash" /></button>
              </>}
            </li>
          );
        })}
      </ul>
      {next.value && <button class="button" type="button" onClick={() => void run(() => load(next.peek()))}>{t.moreRooms}</button>}
      {asked?.what === 'coHosts' && <CoHostsDialog room={asked.room} close={close} />}
      {asked?.what === 'delete' && <Confirm title={fill(t.deleteRoomAsk, { title: asked.room.title })} hint={t.deleteRoomHint} yes={t.delete} close={close}
        agree={() => void run(async () => {
          await asAccount((api) => api.remove(asked.room.roomId));
          dropRoom(asked.room.code);
          await load();
          focusSoon('account-rooms-title');
        })} />}
    </section>
  );
}
