import { useSignal, useSignalEffect } from '@preact/signals';
import { joinRoom, Refusal } from '../contract/http';
import { limits, type RoomSummary } from '../contract/types';
import { account, signOut, withToken } from '../live/account';
import { backoff, cameOnline, sleep } from '../live/backoff';
import { joinOnce, type Identity } from '../live/identity';
import { recall, remember } from '../live/keepsake';
import { attemptFor, forgetSlip, seatLength, seatOf, slipFor } from '../live/seat';
import { count } from '../messages/text';
import { texts } from '../messages/texts';
import { Icon, Mark } from '../ui/Icon';
import { useLimit } from '../ui/limit';
import { useBackOnline } from '../ui/offline';
import { AccountLine } from './AccountLine';
import { SeatField } from './SeatField';

const t = texts('phone');
const common = texts('common');

const seatRefusals: Record<string, string> = { 'seat.required': t.seatMissing, 'seat.unknown': t.seatUnknown, 'seat.taken': t.seatTaken };

/** Joining with one tap; optionally a nickname, and a seat code if the room uses them. */
export function Join({ room, enter, over }: {
  room: RoomSummary; enter(joined: Identity): void; over(): void;
}) {
  const nickname = useSignal(recall<string>('nickname') ?? '');
  const limit = useLimit(limits.nickname);
  const seat = useSignal('');
  const seatError = useSignal('');
  const busy = useSignal(false);
  // Joining can still be tried: the host may unlock it at any time.
  const error = useSignal(room.joiningLocked ? t.joiningLocked : '');
  useBackOnline(error);
  const asks = useSignal(room.assurance === 'seatCode');
  const byAccount = useSignal(room.assurance === 'account');
  const signIn = (): void => {
    // The browser may restore this page from its back/forward cache.
    busy.value = false;
    location.assign(`/host${location.search}#join=${room.code}`);
  };
  useSignalEffect(() => {
    const slip = slipFor(room.code);
    if (!slip || busy.peek()) return;
    seat.value = slip;
    seatError.value = '';
  });
  const mendSeat = (text: string): void => {
    seatError.value = text;
    document.getElementById('seat')?.focus();
  };
  const take = (event: Event): void => {
    nickname.value = limit.read(event, nickname.peek());
    if (error.peek() === t.nicknameBad) error.value = '';
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.peek()) return;
    error.value = '';
    if (byAccount.peek() && !account.peek()) return signIn();
    if (asks.peek() && seatOf(seat.peek()).length < seatLength) return mendSeat(seat.peek() ? t.seatShort : t.seatMissing);
    busy.value = true;
    seatError.value = '';
    for (let attempt = 0; ; attempt++) {
      try {
        const name = room.anonymous ? '' : nickname.peek().trim();
        const join = (token?: string): ReturnType<typeof joinRoom> =>
          joinRoom(room.code, name, asks.peek() ? { seat: seat.peek(), attempt: attemptFor(room.code) } : undefined, token);
        const joined = await joinOnce(room.code, () => (byAccount.peek() ? withToken(join) : join()));
        if (!room.anonymous) remember('nickname', name);
        enter(joined);
        return;
      } catch (caught) {
        const refusal = caught as Refusal;
        if (refusal.code === 'room.ended' || refusal.code === 'room.notFound') return over();
        if (refusal.code === 'auth.required') {
          if (byAccount.peek()) {
            // Signed out elsewhere.
            signOut();
            return signIn();
          }

          // Another room, for accounts, now has this code.
          byAccount.value = true;
          if (!account.peek()) return signIn();
          continue;
        }

        if (refusal.code in seatRefusals) {
          // Also if another room now has this code.
          asks.value = true;
          forgetSlip(room.code);
          mendSeat(seatRefusals[refusal.code]!);
          break;
        }

        if (refusal.code === 'participant.badNickname') {
          error.value = t.nicknameBad;
          document.getElementById('nickname')?.focus();
        } else if (refusal.code === 'room.full') error.value = t.roomFull;
        else if (refusal.code === 'room.locked') error.value = t.joiningLocked;
        else error.value = refusal.code === 'offline' ? common.offline : common.somethingWrong;
        if (!refusal.passes || attempt === 5) break;
        await Promise.race([sleep(Math.max(refusal.retryAfterMs, backoff(attempt))), cameOnline()]);
        error.value = '';
      }
    }

    busy.value = false;
  };
  return (
    <main class="place">
      <p class="brand"><Mark /> {common.product}</p>
      <div class="place-say">
        <h1 class="room-title" tabIndex={-1} dir="auto">{room.title}</h1>
        {room.participants > 0 && <p class="muted"><Icon name="people" /> {count(common.participants, room.participants)}</p>}
      </div>
      <form class="place-do" onSubmit={(event) => void submit(event)}>
        {asks.value && <SeatField seat={seat.value} error={seatError.value} change={(typed) => {
          seat.value = typed;
          seatError.value = '';
        }} />}
        {byAccount.value && <AccountLine change={() => {
          if (busy.peek()) return;
          signOut();
          signIn();
        }} />}
        {!room.anonymous && <div class="field">
          <label for="nickname">{t.nickname}</label>
          <input id="nickname" class="input" value={nickname.value} autoComplete="nickname" enterKeyHint="go"
            aria-invalid={error.value === t.nicknameBad} aria-describedby={error.value === t.nicknameBad ? 'join-error nickname-hint' : 'nickname-hint'}
            dir="auto" onInput={take} onCompositionEnd={take} />
          {limit.note.value && <p class="hint">{limit.note}</p>}
          {error.value === t.nicknameBad && <p id="join-error" class="error" role="alert">{error.value}</p>}
          <p id="nickname-hint" class="hint">{t.nicknameHint}</p>
        </div>}
        {room.anonymous && <p class="hint">{t.noNames}</p>}
        <p class="error" role="alert">{error.value === t.nicknameBad ? '' : error.value}</p>
        <button class="button primary wide" type="submit" aria-disabled={busy.value}>{busy.value ? t.joining : byAccount.value && !account.value ? t.signIn : t.join}</button>
      </form>
    </main>
  );
}
