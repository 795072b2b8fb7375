import { useEffect, useState } from 'preact/hooks';
import type { PollView } from '../contract/types';
import type { Room } from '../live/room';
import { clock, fill } from '../messages/text';
import { texts } from '../messages/texts';
import { announce } from './announce';
import { Icon } from './Icon';

const common = texts('common');

/** The remaining time of a poll with a timer; announces the last ten seconds to screen readers. */
export function Countdown({ room, poll }: { room: Room; poll: PollView }) {
  const [left, setLeft] = useState(room.remaining(poll));
  useEffect(() => {
    const look = (): void => setLeft(room.remaining(poll));
    look();
    if (!poll.closesAt || poll.state !== 'open') return;
    const timer = setInterval(look, 250);
    return () => clearInterval(timer);
  }, [room, poll.id, poll.closesAt, poll.state]);
  const seconds = left === undefined ? undefined : Math.ceil(left / 1000);
  useEffect(() => {
    if (seconds === 10) announce(fill(common.timeLeft, { time: clock(10_000) }));
  }, [seconds]);
  if (left === undefined) return null;
  return (
    <span class={`countdown numbers${left <= 10_000 ? ' hurry' : ''}`} role="timer" aria-label={fill(common.timeLeft, { time: clock(left) })}>
      <Icon name="clock" /> {clock(left)}
    </span>
  );
}
