import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PollView } from '../contract/types';
import { texts } from '../messages/texts';
import { OpenTimer } from './Actions';
import type { Desk } from './desk';
import { Dialog } from './Dialog';
import { Icon } from './Icon';
import { secondsOf } from './timer';

const t = texts('host');

/** Dialog for reopening a closed poll, optionally with a timer. */
export function Reopen({ desk, poll, close }: { desk: Desk; poll: PollView; close(): void }) {
  const planned = useSignal<number | undefined>(undefined);
  useEffect(() => {
    // Without an answer, only the hint is missing.
    desk.api.read(poll.id).then(({ draft }) => {
      planned.value = draft.settings?.durationSeconds;
    }, () => undefined);
  }, [poll.id]);
  return (
    <Dialog title={t.reopenAsk} close={close}>
      <p>{t.reopenHint}</p>
      <OpenTimer desk={desk} planned={planned.value} />
      <button class="button primary big" type="button" autofocus onClick={() => {
        desk.open(poll);
        if (!Number.isNaN(secondsOf(desk.timer.peek()))) close();
      }}><Icon name="play" /> {t.reopen}</button>
    </Dialog>
  );
}
