import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { createRoom, Refusal } from '../contract/http';
import { limits, type Assurance } from '../contract/types';
import { texts } from '../messages/texts';
import { Icon } from '../ui/Icon';
import { AssuranceField } from './AssuranceField';
import { Brand } from './Pages';
import { asRefusal, explain } from './refusals';
import { RoomList } from './RoomList';
import { keepRoom } from './rooms';

const t = texts('host');
const common = texts('common');

/** Where hosts begin: one field, one button, and what they began before. */
export function Start({ go }: { go(path: string): void }) {
  const title = useSignal('');
  const level = useSignal<Assurance>('device');
  const busy = useSignal(false);
  const error = useSignal('');
  useEffect(() => {
    document.title = `${t.title} · ${common.product}`;
  }, []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.peek()) return;
    error.value = title.peek().trim() ? '' : explain(new Refusal('room.badTitle'));
    if (error.peek()) return document.getElementById('room-title')?.focus();
    busy.value = true;
    try {
      const { code, title: name, hostToken, joinUrl } = await createRoom(title.peek().trim(), [], level.peek());
      keepRoom({ code, title: name, token: hostToken, joinUrl, createdAt: new Date().toISOString() });
      go(`/host/${code}`);
    } catch (caught) {
      error.value = explain(asRefusal(caught));
    } finally {
      busy.value = false;
    }
  };
  return (
    <main class="page">
      <Brand />
      <form class="card start" onSubmit={(event) => void submit(event)} noValidate>
        <h1 id="page-title" tabIndex={-1}>{t.newRoom}</h1>
        <p class="muted">{t.tagline}</p>
        <div class="field">
          <label for="room-title">{t.roomTitle}</label>
          <input id="room-title" class="input" value={title.value} maxLength={limits.title} autoComplete="off" enterKeyHint="go" dir="auto"
            placeholder={t.roomTitleExample} aria-invalid={error.value !== ''} aria-describedby="room-title-hint room-title-error" onInput={(event) => {
              title.value = event.currentTarget.value;
              error.value = '';
            }} />
          <p id="room-title-hint" class="hint">{t.roomTitleHint}</p>
          <p id="room-title-error" class="error" role="alert">{error.value}</p>
        </div>
        <AssuranceField level={level.value} change={(chosen) => {
          level.value = chosen;
        }} />
        <button class="button primary big" type="submit" aria-disabled={busy.value}>{busy.value ? t.creating : t.create} <Icon name="arrow" mirrored /></button>
      </form>
      <RoomList go={go} />
      <p class="foot"><a href={`/${location.search}`}>{t.joinInstead}</a></p>
    </main>
  );
}
