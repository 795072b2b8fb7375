import { useSignal } from '@preact/signals';
import { joinRoom, Refusal } from '../contract/http';
import { limits, type RoomSummary } from '../contract/types';
import { backoff, sleep } from '../live/backoff';
import { recall, remember } from '../live/keepsake';
import { count } from '../messages/text';
import { texts } from '../messages/texts';
import { Icon, Mark } from '../ui/Icon';

const t = texts('phone');
const common = texts('common');

/** One tap to be in; a name only for those who want one. */
export function Join({ room, enter, over }: {
  room: RoomSummary; enter(joined: { participantId: string; token: string }): void; over(): void;
}) {
  const nickname = useSignal(recall<string>('nickname') ?? '');
  const busy = useSignal(false);
  const error = useSignal('');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.peek()) return;
    busy.value = true;
    error.value = '';
    for (let attempt = 0; ; attempt++) {
      try {
        const joined = await joinRoom(room.code, nickname.peek().trim());
        remember('nickname', nickname.peek().trim());
        enter(joined);
        return;
      } catch (caught) {
        const refusal = caught as Refusal;
        if (refusal.code === 'room.ended' || refusal.code === 'room.notFound') return over();
        if (refusal.code === 'participant.badNickname') error.value = t.nicknameBad;
        else error.value = refusal.code === 'offline' ? common.offline : common.somethingWrong;
        if (!refusal.passes || attempt === 5) break;
        await sleep(Math.max(refusal.retryAfterMs, backoff(attempt)));
        error.value = '';
      }
    }

    busy.value = false;
  };
  return (
    <main class="place">
      <p class="brand"><Mark /> {common.product}</p>
      <div class="place-say">
        <h1 class="room-title" dir="auto">{room.title}</h1>
        {room.participants > 0 && <p class="muted"><Icon name="people" /> {count(common.participants, room.participants)}</p>}
      </div>
      <form class="place-do" onSubmit={(event) => void submit(event)}>
        <div class="field">
          <label for="nickname">{t.nickname}</label>
          <input id="nickname" class="input" value={nickname.value} maxLength={limits.nickname} autoComplete="nickname" enterKeyHint="go"
            aria-describedby="nickname-hint join-error" dir="auto" onInput={(event) => {
              nickname.value = event.currentTarget.value;
            }} />
          <p id="nickname-hint" class="hint">{t.nicknameHint}</p>
        </div>
        <p id="join-error" class="error" role="alert">{error.value}</p>
        <button class="button primary wide" type="submit" aria-disabled={busy.value}>{busy.value ? t.joining : t.join}</button>
      </form>
    </main>
  );
}
