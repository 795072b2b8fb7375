import type { PollView, ResultsVisibility } from '../contract/types';
import { kinds } from '../kinds/host';
import { count, fill } from '../messages/text';
import { texts } from '../messages/texts';
import { AssuranceLine } from '../ui/AssuranceLine';
import { Countdown } from '../ui/Countdown';
import { Discarded } from '../ui/Discarded';
import { AsTable } from '../ui/Tables';
import { useSummary } from '../ui/summary';
import { Unready } from '../ui/Unready';
import { Actions } from './Actions';
import type { Desk } from './desk';
import { DraftOptions } from './DraftOptions';
import { ownOf } from './form';
import { Icon } from './Icon';
import { focusSoon } from './place';
import { Preview } from './Preview';
import { asRefusal, explain } from './refusals';
import { StateBadge } from './StateBadge';

const t = texts('host');
const common = texts('common');

/** The selected poll: question, answers, and the host's next actions. */
export function PollPanel({ desk }: { desk: Desk }) {
  const poll = desk.shown.value;
  if (!poll) return desk.room.ended.value ? null : <NoPolls desk={desk} />;
  return <Panel key={poll.id} desk={desk} poll={poll} />;
}

function Panel({ desk, poll }: { desk: Desk; poll: PollView }) {
  const { room } = desk;
  const kind = kinds[poll.kind];
  const tally = room.tallies.value.get(poll.id);
  const polls = desk.ordering.polls.value;
  useSummary(poll, tally, kind?.plain);
  return (
    <article class="panel" aria-labelledby="poll-title">
      <div class="panel-top">
        <button class="button quiet back" type="button" onClick={() => {
          desk.place.back();
          focusSoon(`item-${poll.id}`);
        }}><span class="turned"><Icon name="arrow" mirrored /></span> {t.back}</button>
        <span class="muted numbers">{fill(t.place, { place: polls.indexOf(poll) + 1, total: polls.length })}</span>
      </div>
      <div class="card panel-card">
        <div class="panel-facts">
          <StateBadge state={poll.state} />
          <Countdown room={room} poll={poll} />
          {poll.state !== 'draft' && <span class={`seen ${poll.resultsVisible ? 'shown' : ''}`}>
            <Icon name={poll.resultsVisible ? 'eye' : 'hidden'} /> {poll.resultsVisible ? t.resultsShown : t.resultsHidden}
          </span>}
        </div>
        <h2 id="poll-title" class="question" tabIndex={-1} dir="auto">{poll.question}</h2>
        {poll.state !== 'draft' && <p class="votes numbers">{count(common.voters, tally?.voters ?? 0)} <Discarded tally={tally} /></p>}
        {!kind ? <Unready kind="unknown" /> : poll.state !== 'draft' ? <kind.Result poll={poll} tally={tally} /> : kind.options ? <DraftOptions poll={poll} /> : <Preview draft={poll} />}
        {kind && poll.state !== 'draft' && <AsTable tables={() => kind.plain.tables(poll, tally)} />}
        {kind?.Manage && poll.state !== 'draft' && <kind.Manage poll={poll} tally={tally} api={desk.api} explain={(error) => explain(asRefusal(error))} />}
        <p class="kinds muted">{facts(poll).map((fact) => <span key={fact}>{fact}</span>)}<AssuranceLine room={room} /></p>
        {kind && poll.state !== 'draft' && !room.ended.value && (
          <button class="button quiet correct" type="button" onClick={() => desk.writing.correct(poll)}><Icon name="edit" /> {t.correct}</button>
        )}
      </div>
      {!room.ended.value && <Actions desk={desk} poll={poll} planned={poll.settings.durationSeconds} />}
    </article>
  );
}

export const visibilityFact = (visibility: ResultsVisibility): string =>
  `${common.results}: ${{ live: t.visibilityLive, afterVote: t.visibilityAfterVote, afterClose: t.visibilityAfterClose, hostOnly: t.visibilityHostOnly }[visibility]}`;

function facts({ kind, options, settings, allowChange, state }: PollView): string[] {
  return [
    ...(kinds[kind]?.facts(ownOf(settings), options.length) ?? []), ...(allowChange ? [] : [t.noChange]),
    ...(state === 'draft' ? [visibilityFact(settings.resultsVisibility ?? 'live')] : []),
  ];
}

const NoPolls = ({ desk }: { desk: Desk }) => (
  <div class="card inviting">
    <span class="badge"><Icon name="plus" /></span>
    <h2 tabIndex={-1}>{t.noPolls}</h2>
    <p class="muted">{t.noPollsHint}</p>
    <button class="button primary big" type="button" onClick={desk.writing.start}><Icon name="plus" /> {t.newPoll}</button>
  </div>
);
