import { Fragment } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Ballots } from '../live/ballots';
import type { Room } from '../live/room';
import { count, fill, sentences } from '../messages/text';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';
import { Icon, Mark } from '../ui/Icon';
import { LinkBanner } from '../ui/LinkBanner';
import { Losses } from './Losses';
import { Ended } from './Places';
import { Poll } from './Poll';
import { Result } from './Result';
import { useSettling } from './settling';

const t = texts('phone');
const common = texts('common');

/** The room: the open poll, the newest result, or waiting. */
export function RoomPage({ room, ballots, go }: { room: Room; ballots: Ballots; go(path: string): void }) {
  const open = room.open.value;
  const current = room.current.value;
  const settling = useSettling(open.map(({ id }) => id).join());
  useEffect(() => {
    if (open[0]) announce(fill(t.newPoll, { question: open[0].question }));
    else if (!current && !room.ended.peek()) announce(sentences(t.waiting, t.waitingHint));
  }, [open[0]?.id, open[0]?.openedAt, current === undefined]);
  // The new question is above the others. Whoever had scrolled down would not see its beginning.
  useEffect(() => {
    if (open[0]) scrollTo({ top: 0 });
  }, [open[0]?.id, open[0]?.openedAt]);
  if (room.ended.value) {
    const shown = room.polls.value.filter((poll) => room.tallies.value.has(poll.id));
    return (
      <Ended title={room.state.value!.title} go={go}>
        <Losses ballots={ballots} onPage={shown} />
        {shown.map((poll) => <Result key={poll.id} room={room} ballots={ballots} poll={poll} />)}
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
        {open.length > 0
          ? open.map((poll, i) => (
            <Fragment key={`${poll.id} ${poll.edition} ${poll.openedAt}`}>
              {i === 1 && <h2 class="also">{t.moreQuestions}</h2>}
              <Poll room={room} ballots={ballots} poll={poll} settling={settling} />
            </Fragment>
          ))
          : current ? <Result key={current.id} room={room} ballots={ballots} poll={current} />
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
