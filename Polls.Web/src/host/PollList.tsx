import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { PollView } from '../contract/types';
import { count, fill } from '../messages/text';
import { texts } from '../messages/texts';
import type { Desk } from './desk';
import { Dragging } from './dragging';
import { Icon } from './Icon';
import { StateBadge } from './StateBadge';

const t = texts('host');
const common = texts('common');

/** All polls in order. Users move them by dragging the grip, or by buttons, which are accessible to everyone. */
export function PollList({ desk }: { desk: Desk }) {
  const ordering = useSignal(false);
  const drag = useMemo(() => new Dragging((id, to) => desk.ordering.move(id, to)), []);
  const polls = desk.ordering.polls.value;
  const fixed = desk.room.ended.value;
  const { unsaved, visible } = desk.writing;
  return (
    <nav class="side" aria-labelledby="list-title">
      <div class="side-head">
        <h2 id="list-title" tabIndex={-1}>{t.polls}</h2>
        {!fixed && polls.length > 1 && (
          <button class="icon-button" type="button" aria-label={t.changeOrder} title={t.changeOrder} aria-pressed={ordering.value} onClick={() => {
            ordering.value = !ordering.value;
          }}><SortIcon /></button>
        )}
      </div>
      {!fixed && !unsaved.value && <button class="button wide" type="button" onClick={desk.writing.start}><Icon name="plus" /> {t.newPoll}</button>}
      {!fixed && unsaved.value && (
        <button class="poll-item unsaved" type="button" aria-current={visible.value} onClick={desk.writing.start}>
          <span class="state-badge unsaved"><Icon name="edit" /> {unsaved.value.changed ? t.unfinished : unsaved.value.pollId ? t.editTitle : t.writeTitle}</span>
          <span class="poll-item-text" dir="auto">{unsaved.value.form.question.trim() || '…'}</span>
        </button>
      )}
      <ol class="poll-list" ref={drag.list}>
        {polls.map((poll, i) => (
          <li key={poll.id} class={`poll-row${drag.id.value === poll.id ? ' dragged' : ''}`} style={{ '--shift': `${drag.shift(poll.id, i)}px` }}>
            {!fixed && polls.length > 1 && <span class="grip" aria-hidden="true" onPointerDown={(event) => drag.begin(event, poll.id, i)}><GripIcon /></span>}
            <Item desk={desk} poll={poll} />
            {!fixed && ordering.value && (
              <span class="movers">
                <button class="icon-button" type="button" aria-label={fill(t.moveUp, { question: poll.question })} aria-disabled={i === 0}
                  onClick={() => desk.ordering.move(poll.id, i - 1)}><Icon name="up" /></button>
                <button class="icon-button" type="button" aria-label={fill(t.moveDown, { question: poll.question })} aria-disabled={i === polls.length - 1}
                  onClick={() => desk.ordering.move(poll.id, i + 1)}><Icon name="down" /></button>
              </span>
            )}
          </li>
        ))}
      </ol>
      {fixed && polls.length === 0 && <p class="muted">{t.endedNoPolls}</p>}
    </nav>
  );
}

function Item({ desk, poll }: { desk: Desk; poll: PollView }) {
  const current = desk.shown.value?.id === poll.id && !desk.writing.visible.value;
  const voters = desk.room.tallies.value.get(poll.id)?.voters ?? 0;
  return (
    <button id={`item-${poll.id}`} class="poll-item" type="button" aria-current={current} onClick={() => desk.select(poll.id)}>
      <span class="poll-item-facts">
        <StateBadge state={poll.state} />
        {(poll.state !== 'draft' || voters > 0) && <span class="muted numbers">{count(common.voters, voters)}</span>}
      </span>
      <span class="poll-item-text" dir="auto">{poll.question}</span>
    </button>
  );
}

const GripIcon = () => (
  <svg class="icon" viewBox="0 0 24 24" width="1.25em" height="1.25em" fill="currentColor">
    {[6, 12, 18].map((y) => <><circle cx="9" cy={y} r="1.6" /><circle cx="15" cy={y} r="1.6" /></>)}
  </svg>
);

const SortIcon = () => (
  <svg class="icon" viewBox="0 0 24 24" width="1.25em" height="1.25em" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
    <path d="M8 19V5M4.500 8.500 8 5l3.500 3.500M16 5v14M12.500 15.500 16 19l3.500-3.500" />
  </svg>
);
