import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { PollView } from '../contract/types';
import type { Ballots } from '../live/ballots';
import type { Room } from '../live/room';
import { count, fill, number } from '../messages/text';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';
import { AssuranceLine } from '../ui/AssuranceLine';
import { Bar } from '../ui/Bar';
import { Countdown } from '../ui/Countdown';
import { Icon } from '../ui/Icon';
import { areAdjusted, letter, shares } from '../ui/shares';
import { spoken } from '../ui/ShareText';
import { FateLine } from './FateLine';

const t = texts('phone');
const common = texts('common');

/** An open poll. One tap votes; with several choices, a button sends them. */
export function Poll({ room, ballots, poll, settling }: { room: Room; ballots: Ballots; poll: PollView; settling: boolean }) {
  const single = poll.kind === 'singleChoice';
  const sent = ballots.answer(poll.id).choices ?? [];
  const most = poll.maxChoices ?? poll.options.length;
  const marked = useSignal<number[]>(sent);
  const note = useSignal('');
  const isSent = sent.join() === marked.value.join();
  // Shows the acknowledged vote, also from other devices, until the user chooses something else here.
  const shown = useRef(sent);
  useEffect(() => {
    if (single || marked.peek().join() === shown.current.join()) marked.value = sent;
    shown.current = sent;
  }, [sent.join()]);
  const isUnsent = useRef(false);
  isUnsent.current = !single && !isSent;
  useEffect(() => {
    // What was lost in an earlier opening is no news any more.
    const loss = ballots.losses.peek().find(({ pollId, edition, openedAt }) => pollId === poll.id && edition === poll.edition && openedAt !== poll.openedAt);
    if (loss) ballots.dismiss(loss);
    return () => {
      if (isUnsent.current) ballots.missed(poll);
    };
  }, []);
  // A vote that has not arrived needs this space for its message.
  const fate = ballots.fate(poll);
  const onItsWay = ['waiting', 'retrying'].includes(fate?.kind ?? '');
  const isIdle = single && !fate && sent.length === 0 && !note.value;
  const final = !poll.allowChange && sent.length > 0;
  const tally = room.tallies.value.get(poll.id);
  const results = shares(poll, tally);

  const choose = (option: number): void => {
    note.value = '';
    if (final) {
      note.value = t.noChange;
      announce(t.noChange);
    } else if (single) {
      if (sent[0] === option) return;
      marked.value = [option];
      ballots.cast(poll, { choices: [option] });
    } else if (marked.value.includes(option)) {
      marked.value = marked.value.filter((other) => other !== option);
    } else if (marked.value.length >= most) {
      note.value = fill(t.tooMany, { max: most });
      announce(note.value);
    } else {
      marked.value = [...marked.value, option].sort((a, b) => a - b);
    }
  };

  return (
    <section class="poll" aria-labelledby={`q-${poll.id}`} onClickCapture={(event) => settling && event.stopPropagation()}>
      <div class="poll-head">
        <h1 id={`q-${poll.id}`} tabIndex={-1} dir="auto">{poll.question}</h1>
        <p class="poll-facts muted">
          <span>{single ? t.chooseOne : most < poll.options.length ? fill(t.chooseMany, { max: most }) : t.chooseAny}</span>
          {!poll.allowChange && <span>{t.finalChoice}</span>}
          {tally && <span class="numbers">{count(common.voters, tally.voters)}</span>}
          <Countdown room={room} poll={poll} />
          <AssuranceLine room={room} />
        </p>
      </div>
      <ul class={`options${poll.options.length > 6 ? ' many' : ''}`} aria-labelledby={`q-${poll.id}`}>
        {poll.options.map((option, i) => (
          <li key={i}>
            <button class={`option hue-${i % 8}`} type="button" aria-pressed={marked.value.includes(i)} aria-disabled={final || settling} onClick={() => choose(i)}>
              <span class="option-letter" aria-hidden="true">{marked.value.includes(i) ? <Icon name="check" /> : letter(i)}</span>
              <span class="option-text" dir="auto">{option}</span>
              {tally && <span class="option-share numbers">
                <span aria-hidden="true" key={`${results[i]!.percent} ${results[i]!.count}`}>{results[i]!.percent} <small>{number(results[i]!.count)}</small></span>
                <span class="unseen">{spoken(results[i]!.count, results[i]!.percent)}</span>
              </span>}
              {tally && <Bar share={results[i]!.share} option={i} />}
            </button>
          </li>
        ))}
      </ul>
      {/* Keeps its space, so that the layout does not move while votes arrive. */}
      {poll.resultsVisible && <p class="adjusted muted">{areAdjusted(poll, tally) ? common.adjusted : ''}</p>}
      <div class={`poll-foot${isIdle ? ' idle' : ''}`}>
        {note.value && <p class="note warn"><Icon name="warning" /> <span>{note.value}</span></p>}
        {!single && !final && (!isSent || (sent.length === 0 && (!fate || fate.kind === 'counted'))) ? (
          <button class="button primary wide" type="button" aria-disabled={isSent || settling} onClick={() => {
            note.value = '';
            if (!isSent) ballots.cast(poll, { choices: marked.value });
          }}>{sent.length === 0 ? t.sendVote : marked.value.length === 0 ? t.withdraw : t.changeVote}</button>
        ) : (
          <>
            <FateLine fate={fate} counted={sent.length > 0} />
            {poll.allowChange && sent.length > 0 && !onItsWay && (
              <button class="button quiet" type="button" aria-disabled={settling} onClick={() => {
                marked.value = [];
                ballots.cast(poll, {});
              }}>{t.withdraw}</button>
            )}
          </>
        )}
      </div>
    </section>
  );
}
