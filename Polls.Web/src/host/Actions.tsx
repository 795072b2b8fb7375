import type { PollView } from '../contract/types';
import { kinds } from '../kinds/host';
import { fill, number } from '../messages/text';
import { texts } from '../messages/texts';
import type { Desk } from './desk';
import { Icon, type IconName } from './Icon';
import { duration } from './timer';
import { TimerField } from './TimerField';

const t = texts('host');

interface Action {
  icon: IconName;
  text: string;
  act: () => void;
  danger?: boolean;
}

/** The actions for a poll. The most likely next action is the largest. */
export function Actions({ desk, poll, planned }: { desk: Desk; poll: PollView; planned: number | undefined }) {
  const running = desk.jobs.runs(poll.id);
  const busy = running || desk.settling.value;
  const { first, others } = plan(desk, poll);
  const [alsoOpen, ...furtherOpen] = desk.room.open.value.filter((other) => other.id !== poll.id);
  return (
    <div class={`actions${running ? ' busy' : ''}`}>
      {alsoOpen && <AlsoOpen desk={desk} latest={alsoOpen} more={furtherOpen.length} />}
      {poll.state === 'draft' && <OpenTimer desk={desk} planned={planned} />}
      <div class="actions-first">
        <button class={`button big ${first.danger ? 'stop' : 'primary'}`} type="button" aria-disabled={busy} onClick={() => !busy && first.act()}>
          <Icon name={first.icon} mirrored={first.icon === 'arrow'} /> {first.text}
        </button>
      </div>
      <div class="actions-others">
        {others.map(({ icon, text, act, danger }) => (
          <button key={text} class={`button${danger ? ' danger' : ''}`} type="button" aria-disabled={busy} onClick={() => !busy && act()}><Icon name={icon} /> {text}</button>
        ))}
      </div>
    </div>
  );
}

/**
 * Part of the actions, which stay in view: the host may open a second poll without knowing that the first is still open.
 * Names the latest; the list has them all.
 */
const AlsoOpen = ({ desk, latest, more }: { desk: Desk; latest: PollView; more: number }) => (
  <p class="also">
    <Icon name="play" /> <span>{t.alsoOpen}</span>
    <button class="text-button" type="button" dir="auto" title={latest.question} onClick={() => desk.select(latest.id)}>{latest.question}</button>
    {more > 0 && <span>+{number(more)}</span>}
  </p>
);

/** Duration for opening the poll; without a choice, the poll's own. */
export const OpenTimer = ({ desk, planned }: { desk: Desk; planned: number | undefined }) => (
  <TimerField id="open" timer={desk.timer.value} asked={desk.timer.value.asked ?? false} none={planned ? fill(t.planned, { time: duration(planned) }) : t.noTimer} change={(timer) => {
    desk.timer.value = timer;
  }} />
);

function plan(desk: Desk, poll: PollView): { first: Action; others: Action[] } {
  const open: Action = { icon: 'play', text: poll.state === 'closed' ? t.reopen : t.openPoll, act: () => (poll.state === 'closed' ? desk.ask('reopen', poll) : desk.open(poll)) };
  const close: Action = { icon: 'stop', text: t.closePoll, act: () => desk.close(poll), danger: true };
  const show: Action = { icon: 'eye', text: t.showResults, act: () => desk.showResults(poll, true) };
  const hide: Action = { icon: 'hidden', text: t.hideResults, act: () => desk.showResults(poll, false) };
  // The form would lose settings that it does not know.
  const copy: Action[] = kinds[poll.kind] ? [{ icon: 'plus', text: t.duplicate, act: () => desk.writing.duplicate(poll) }] : [];
  const reset: Action = { icon: 'reset', text: t.reset, act: () => desk.ask('reset', poll), danger: true };
  const visible = poll.resultsVisible ? hide : show;
  if (poll.state === 'draft') {
    const edit: Action[] = kinds[poll.kind] ? [{ icon: 'edit', text: t.edit, act: () => desk.writing.edit(poll) }] : [];
    const remove: Action = { icon: 'trash', text: t.delete, act: () => desk.ask('delete', poll), danger: true };
    return { first: open, others: [...edit, ...copy, remove] };
  }

  if (poll.state === 'open') return { first: close, others: [visible, ...copy, reset] };
  if (!poll.resultsVisible) return { first: show, others: [open, ...copy, reset] };
  const polls = desk.ordering.polls.value;
  const next = polls.slice(polls.indexOf(poll) + 1).find(({ state }) => state === 'draft');
  const goOn: Action = next ? { icon: 'arrow', text: t.nextPoll, act: () => desk.select(next.id) } : { icon: 'plus', text: t.newPoll, act: desk.writing.start };
  return { first: goOn, others: [hide, open, ...copy, reset] };
}
