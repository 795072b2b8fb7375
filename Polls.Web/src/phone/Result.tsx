import { useEffect } from 'preact/hooks';
import type { PollView } from '../contract/types';
import type { PhoneKind } from '../kinds/parts';
import { isNone } from '../live/answers';
import type { Ballots } from '../live/ballots';
import type { Room } from '../live/room';
import { count, fill, sentences } from '../messages/text';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';
import { AsTable } from '../ui/Tables';
import { useSummary } from '../ui/summary';
import { AssuranceLine } from '../ui/AssuranceLine';
import { Discarded } from '../ui/Discarded';
import { Icon } from '../ui/Icon';
import { refusal } from './FateLine';

const t = texts('phone');
const common = texts('common');

/** A closed poll: its result if shown, the participant's vote, and the fate of a late vote. */
export function Result({ room, ballots, poll, kind }: { room: Room; ballots: Ballots; poll: PollView; kind: PhoneKind }) {
  const tally = room.tallies.value.get(poll.id);
  const mine = ballots.answer(poll.id);
  const fate = ballots.fate(poll);
  const fateText = fate?.kind === 'refused' ? refusal(fate.code) : fate?.kind === 'waiting' ? t.waitingToSend : fate?.kind === 'retrying' ? t.retrying : '';
  useEffect(() => {
    announce(tally
      ? sentences(common.results, poll.question, ...kind.plain.spoken(poll, tally))
      : t.pollClosed);
  }, [poll.id, tally === undefined]);
  useSummary(poll, tally, kind.plain, false);
  useEffect(() => {
    if (fateText) announce(fateText);
  }, [fateText]);
  return (
    <section class="poll result" aria-labelledby={`q-${poll.id}`}>
      <div class="poll-head">
        <p class="eyebrow">{tally ? common.results : t.pollClosed}</p>
        <h1 id={`q-${poll.id}`} tabIndex={-1} dir="auto">{poll.question}</h1>
        {tally && <p class="poll-facts muted"><span class="numbers">{count(common.voters, tally.voters)}</span> <Discarded tally={tally} /> <AssuranceLine room={room} /></p>}
      </div>
      {tally ? (
        <>
          <kind.Result poll={poll} tally={tally} mine={mine} />
          <AsTable tables={() => kind.plain.tables(poll, tally)} />
        </>
      ) : (
        <>
          {!isNone(mine) && <p class="mine"><Icon name="check" /> <span dir="auto">{fill(t.yourVoteIs, { options: kind.words(poll, mine) })}</span></p>}
          <p class="muted">{t.resultsHidden}</p>
        </>
      )}
      {fateText && <p class={`fate ${fate?.kind === 'refused' ? 'bad' : 'warn'}`}><Icon name="warning" /> <span>{fateText}</span></p>}
    </section>
  );
}
