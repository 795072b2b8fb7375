import { Fragment, type VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { PollView } from '../contract/types';
import { kinds } from '../kinds/phone';
import type { PhoneKind } from '../kinds/parts';
import type { Ballots } from '../live/ballots';
import type { Room } from '../live/room';
import { count, fill, sentences } from '../messages/text';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';
import { Icon, Mark } from '../ui/Icon';
import { LinkBanner } from '../ui/LinkBanner';
import { Unready } from '../ui/Unready';
import { Losses } from './Losses';
import { Ended } from './Places';
import { Poll } from './Poll';
import { Result } from './Result';
import { useSettling } from './settling';

const t = texts('phone');
const common = texts('common');

/** Leads to another open question further down. */
function show({ id }: PollView): void {
  const title = document.getElementById(`q-${id}`);
  title?.focus({ preventScroll: true });
  title?.scrollIntoView({ block: 'start' });
}

/** The room: the open poll, the newest result, or waiting. */
export function RoomPage({ room, ballots, go }: { room: Room; ballots: Ballots; go(path: string): void }) {
  const open = room.open.value;
  const current = room.current.value;
  const settling = useSettling(open.map(({ id }) => id).join());
  const latest = useRef(0);
  useEffect(() => {
    if (!open[0]) {
      if (!current && !room.ended.peek()) announce(sentences(t.waiting, t.waitingHint));
      return;
    }

    // It is not new when it is on top because a later one has closed.
    const openedAt = Date.parse(open[0].openedAt!);
    announce(openedAt > latest.current ? fill(t.newPoll, { question: open[0].question }) : open[0].question);
    latest.current = Math.max(latest.current, openedAt);
  }, [open[0]?.id, open[0]?.openedAt, current === undefined]);
  // A new question is above the others, and a result in place of its question. Whoever had scrolled down would not see
  // the beginning.
  useEffect(() => {
    if (current) scrollTo({ top: 0 });
  }, [current?.id, current?.openedAt, current?.state]);
  if (room.ended.value) {
    const shown = room.polls.value.filter((poll) => room.tallies.value.has(poll.id));
    return (
      <Ended title={room.state.value!.title} go={go}>
        <Losses ballots={ballots} onPage={shown} />
        {shown.map((poll) => <OfKind key={poll.id} poll={poll}>{(kind) => <Result room={room} ballots={ballots} poll={poll} kind={kind} />}</OfKind>)}
      </Ended>
    );
  }

  return (
    <div class="room">
      <header class="room-head">
        <span class="room-name"><Mark /> <span dir="auto">{room.state.value!.title}</span></span>
        <span class="people numbers">
          <Icon name="people" />
          <span class="unseen">{count(common.participants, room.participants.value)}</span>
          <span aria-hidden="true">{room.participants}</span>
        </span>
        <LinkBanner room={room} />
      </header>
      <main class="room-main">
        <Losses ballots={ballots} onPage={open.length > 0 ? open : current ? [current] : []} />
        {open.length > 1 && (
          <p class="also-open">
            <Icon name="down" /> <span>{t.moreQuestions}</span>
            {open.slice(1).map((poll) => (
              <button key={poll.id} class="text-button" type="button" dir="auto" onClick={() => show(poll)}>{poll.question}</button>
            ))}
          </p>
        )}
        {open.length > 0
          ? open.map((poll, i) => (
            <Fragment key={`${poll.id} ${poll.edition} ${poll.openedAt}`}>
              {i === 1 && <h2 class="also">{t.moreQuestions}</h2>}
              <OfKind poll={poll}>{(kind) => <Poll room={room} ballots={ballots} poll={poll} kind={kind} settling={settling} />}</OfKind>
            </Fragment>
          ))
          : current ? <OfKind key={current.id} poll={current}>{(kind) => <Result room={room} ballots={ballots} poll={current} kind={kind} />}</OfKind>
          : (
            <div class="waiting">
              <span class="pulse" aria-hidden="true"><i /><i /><i /></span>
              <h1 tabIndex={-1}>{t.waiting}</h1>
              <p class="muted">{t.waitingHint}</p>
            </div>
          )}
      </main>
    </div>
  );
}

/** The question alone until its kind is loaded. */
function OfKind({ poll, children }: { poll: PollView; children(kind: PhoneKind): VNode }) {
  const kind = kinds.get(poll.kind);
  return typeof kind === 'object' ? children(kind) : (
    <section class="poll"><h1 id={`q-${poll.id}`} tabIndex={-1} dir="auto">{poll.question}</h1><Unready kind={kind} /></section>
  );
}
