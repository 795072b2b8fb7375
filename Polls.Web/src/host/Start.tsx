import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { createRoom, Refusal } from '../contract/http';
import { limits, type Assurance, type CreatedRoom } from '../contract/types';
import { account, signOut, withToken } from '../live/account';
import { texts } from '../messages/texts';
import { isVisible } from '../ui/appearance';
import { useLimit } from '../ui/limit';
import { useBackOnline } from '../ui/offline';
import { invited } from './account';
import { AccountDialog } from './AccountDialog';
import { AccountRooms } from './AccountRooms';
import { AssuranceField } from './AssuranceField';
import { Icon } from './Icon';
import { Brand } from './Pages';
import { asRefusal, explain } from './refusals';
import { RoomList } from './RoomList';
import { keepRoom } from './rooms';
import { SignIn } from './SignIn';

const t = texts('host');
const common = texts('common');

const badTitle = explain(new Refusal('room.badTitle'));

/** The start page: one field, one button, and earlier sessions. */
export function Start({ go }: { go(path: string): void }) {
  const title = useSignal('');
  const limit = useLimit(limits.title);
  const level = useSignal<Assurance>('device');
  const anonymous = useSignal(false);
  const busy = useSignal(false);
  const error = useSignal('');
  useBackOnline(error);
  const dialog = useSignal<'account' | 'signIn' | 'needsAccount' | undefined>(undefined);
  const close = (): void => {
    // Users who came from the phone page to sign in go back there once, signed in or not.
    const { join, ...others } = invited.peek();
    if (join) {
      invited.value = others;
      location.replace(`/r/${join}${location.search}`);
    }

    dialog.value = undefined;
  };
  useEffect(() => {
    // Invited users sign in first.
    if (!account.value && (invited.value.register || invited.value.cohost || invited.value.join)) dialog.value = 'signIn';
    else if (invited.value.join) close();
  }, [invited.value]);
  useEffect(() => {
    document.title = `${t.title} · ${common.product}`;
  }, []);
  const take = (event: Event): void => {
    title.value = limit.read(event, title.peek());
    error.value = '';
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.peek()) return;
    error.value = isVisible(title.peek()) ? '' : badTitle;
    if (error.peek()) return document.getElementById('room-title')?.focus();
    busy.value = true;
    try {
      const make = (token?: string): Promise<CreatedRoom> => createRoom(title.peek().trim(), level.peek(), anonymous.peek(), token);
      const { code, title: name, hostToken, joinUrl } = await (account.peek() ? withToken(make) : make());
      keepRoom({ code, title: name, token: hostToken, joinUrl, createdAt: new Date().toISOString() });
      go(`/host/${code}`);
    } catch (caught) {
      const refusal = asRefusal(caught);
      // Only accounts may do this, or the account was signed out elsewhere.
      if (refusal.code === 'auth.required') {
        signOut();
        dialog.value = 'needsAccount';
      } else error.value = explain(refusal);
      if (refusal.code === 'room.badTitle') document.getElementById('room-title')?.focus();
    } finally {
      busy.value = false;
    }
  };
  return (
    <main class="page">
      <div class="page-head">
        <Brand />
        <button class="button small account-button" type="button" onClick={() => {
          dialog.value = account.peek() ? 'account' : 'signIn';
        }}><Icon name="people" /> <span dir="auto">{account.value?.email ?? t.signIn}</span></button>
      </div>
      <form class="card start" onSubmit={(event) => void submit(event)} noValidate>
        <h1 id="page-title" tabIndex={-1}>{t.newRoom}</h1>
        <p class="muted">{t.tagline}</p>
        <div class="field">
          <label for="room-title">{t.roomTitle}</label>
          <input id="room-title" class="input" value={title.value} autoComplete="off" enterKeyHint="go" dir="auto"
            placeholder={t.roomTitleExample} aria-invalid={error.value === badTitle} aria-describedby="room-title-hint room-title-error" onInput={take} onCompositionEnd={take} />
          {limit.note.value && <p class="hint">{limit.note}</p>}
          <p id="room-title-hint" class="hint">{t.roomTitleHint}</p>
          <p id="room-title-error" class="error" role="alert">{error.value}</p>
        </div>
        <AssuranceField level={level.value} change={(chosen) => {
          level.value = chosen;
        }} />
        <div class="check-field">
          <label class="check">
            <input type="checkbox" checked={anonymous.value} aria-describedby="anonymous-hint" onChange={(event) => {
              anonymous.value = event.currentTarget.checked;
            }} />
            <span>{t.anonymous}</span>
          </label>
          <p id="anonymous-hint" class="hint">{t.anonymousHint}</p>
        </div>
        <button class="button primary big" type="submit" aria-disabled={busy.value}>{busy.value ? t.creating : t.create} <Icon name="arrow" mirrored /></button>
      </form>
      {account.value && <AccountRooms go={go} />}
      <RoomList go={go} />
      <p class="foot"><a href={`/${location.search}`}>{t.joinInstead}</a></p>
      {dialog.value === 'account' && account.value && <AccountDialog close={close} />}
      {(dialog.value === 'signIn' || dialog.value === 'needsAccount') && (
        <SignIn why={dialog.value === 'needsAccount' ? t.needsAccount : invited.value.cohost ? t.invitedToHost : invited.value.join ? t.signInToVote : ''} close={close} done={close} />
      )}
    </main>
  );
}
