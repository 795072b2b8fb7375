import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { PollDraft, PollView, ResultsVisibility } from '../contract/types';
import { count, fill } from '../messages/text';
import { texts } from '../messages/texts';
import { AssuranceLine } from '../ui/AssuranceLine';
import { Countdown } from '../ui/Countdown';
import { Icon } from '../ui/Icon';
import { isKnown, NewerKind } from '../ui/NewerKind';
import { ResultList } from '../ui/ResultList';
import { Actions } from './Actions';
import type { Desk } from './desk';
import { DraftOptions } from './DraftOptions';
import { focusSoon } from './place';
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
  const written = useWritten(desk, poll);
  const tally = room.tallies.value.get(poll.id);
  const polls = desk.ordering.polls.value;
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
        {poll.state !== 'draft' && <p class="votes numbers">{count(common.voters, tally?.voters ?? 0)}</p>}
        {!isKnown(poll) ? <NewerKind /> : poll.state === 'draft' ? <DraftOptions poll={poll} /> : <ResultList poll={poll} tally={tally} />}
        <p class="kinds muted">{kinds(poll, written.value).map((fact) => <span key={fact}>{fact}</span>)}<AssuranceLine room={room} /></p>
      </div>
      {!room.ended.value && <Actions desk={desk} poll={poll} planned={written.value?.settings?.durationSeconds} />}
    </article>
  );
}

/** The poll as written: its view does not contain the duration. */
function useWritten(desk: Desk, poll: PollView) {
  const written = useSignal<PollDraft | undefined>(undefined);
  const live = desk.room.link.value === 'live';
  useEffect(() => {
    if (!live || poll.state !== 'draft' || desk.room.ended.peek()) return;
    let wanted = true;
    // Without an answer, only the hint is missing.
    desk.api.read(poll.id).then(({ draft }) => {
      if (wanted) written.value = draft;
    }, () => undefined);
    return () => {
      wanted = false;
    };
  }, [poll, live]);
  return written;
}

export const visibilityFact = (visibility: ResultsVisibility): string =>
  `${common.results}: ${{ live: t.visibilityLive, afterClose: t.visibilityAfterClose, hostOnly: t.visibilityHostOnly }[visibility]}`;

function kinds(poll: PollView, written: PollDraft | undefined): string[] {
  const visibility = written?.settings?.resultsVisibility;
  return [
    ...(isKnown(poll) ? [poll.kind === 'singleChoice' ? t.single : poll.maxChoices && poll.maxChoices < poll.options.length ? count(t.atMost, poll.maxChoices) : t.multiple] : []),
    ...(poll.allowChange ? [] : [t.noChange]),
    ...(visibility && poll.state === 'draft' ? [visibilityFact(visibility)] : []),
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
