import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Answer, PollView } from '../contract/types';
import type { PhoneKind } from '../kinds/parts';
import { isNone, isSame } from '../live/answers';
import type { Ballots } from '../live/ballots';
import type { Room } from '../live/room';
import { count } from '../messages/text';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';
import { AssuranceLine } from '../ui/AssuranceLine';
import { Countdown } from '../ui/Countdown';
import { Discarded } from '../ui/Discarded';
import { Icon } from '../ui/Icon';
import { AsTable } from '../ui/Tables';
import { useSummary } from '../ui/summary';
import { FateLine } from './FateLine';

const t = texts('phone');
const common = texts('common');

/** An open poll. Its kind decides whether a choice is sent at once, or by a button. */
export function Poll({ room, ballots, poll, kind, settling }: { room: Room; ballots: Ballots; poll: PollView; kind: PhoneKind; settling: boolean }) {
  const atOnce = kind.atOnce(poll);
  const sent = ballots.answer(poll.id);
  const marked = useSignal<Answer>(sent);
  const note = useSignal('');
  const isSent = isSame(sent, marked.value);
  // Shows the acknowledged vote, also from other devices, until the user chooses something else here.
  const shown = useRef(sent);
  useLayoutEffect(() => {
    if (atOnce || isSame(marked.peek(), shown.current)) marked.value = sent;
    shown.current = sent;
  }, [JSON.stringify(sent)]);
  const isUnsent = useRef(false);
  isUnsent.current = !atOnce && !isSent;
  useEffect(() => {
    // What was lost in an earlier opening is no news any more.
    const loss = ballots.losses.peek().find(({ pollId, edition, openedAt }) => pollId === poll.id && edition === poll.edition && openedAt !== poll.openedAt);
    if (loss) ballots.dismiss(loss);
    return () => {
      if (isUnsent.current) ballots.missed(poll);
    };
  }, []);
  const hasSent = !isNone(sent);
  // A vote that has not arrived needs this space for its message.
  const fate = ballots.fate(poll);
  const onItsWay = ['waiting', 'retrying'].includes(fate?.kind ?? '');
  const isIdle = atOnce && !fate && !hasSent && !note.value;
  const final = !poll.allowChange && hasSent;
  const tally = room.tallies.value.get(poll.id);
  useSummary(poll, tally, kind.plain);
  const missing = isNone(marked.value) ? '' : kind.missing?.(poll, marked.value) ?? '';

  const choose = (answer: Answer, about = ''): void => {
    note.value = final ? t.noChange : about;
    if (note.value) announce(note.value);
    if (final) return;
    marked.value = answer;
    if (atOnce && !isSame(answer, sent)) ballots.cast(poll, answer);
  };

  const send = (): void => {
    note.value = '';
    if (!isSent && !missing && !final && !settling) ballots.cast(poll, marked.value);
  };

  return (
    <section class="poll" aria-labelledby={`q-${poll.id}`} onClickCapture={(event) => settling && event.stopPropagation()}>
      <div class="poll-head">
        <h1 id={`q-${poll.id}`} tabIndex={-1} dir="auto">{poll.question}</h1>
        <p class="poll-facts muted">
          <span id={`hint-${poll.id}`}>{kind.hint(poll)}</span>
          {!poll.allowChange && <span>{t.finalChoice}</span>}
          {tally && <span class="numbers">{count(common.voters, tally.voters)}</span>}
          <Discarded tally={tally} />
          <Countdown room={room} poll={poll} />
          <AssuranceLine room={room} />
        </p>
      </div>
      <kind.Answer poll={poll} tally={tally} answer={marked.value} participant={ballots.participantId} locked={final || settling} choose={choose} send={send} />
      <div class={`poll-foot${isIdle ? ' idle' : ''}`}>
        {note.value && <p class="note warn"><Icon name="warning" /> <span>{note.value}</span></p>}
        {!atOnce && !final && (!isSent || (!hasSent && (!fate || fate.kind === 'counted'))) ? (
          <button class="button primary wide" type="button" aria-disabled={isSent || missing !== '' || settling} onClick={send}>{missing || (!hasSent ? kind.send ?? t.sendVote : isNone(marked.value) ? t.withdraw : t.changeVote)}</button>
        ) : (
          <>
            <FateLine fate={fate} counted={hasSent} />
            {poll.allowChange && hasSent && !onItsWay && (
              <button class="button quiet" type="button" aria-disabled={settling} onClick={() => {
                marked.value = {};
                ballots.cast(poll, {});
              }}>{t.withdraw}</button>
            )}
          </>
        )}
      </div>
      {tally && <AsTable tables={() => kind.plain.tables(poll, tally)} />}
    </section>
  );
}
