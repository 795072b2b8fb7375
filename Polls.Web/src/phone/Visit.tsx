import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { findRoom, Refusal } from '../contract/http';
import type { RoomSummary } from '../contract/types';
import { backoff, cameOnline, sleep } from '../live/backoff';
import { Ballots } from '../live/ballots';
import { forgetIdentity, identityIn, whenJoinedElsewhere, type Identity } from '../live/identity';
import { Room } from '../live/room';
import { forgetAttempt, forgetSlip } from '../live/seat';
import { texts } from '../messages/texts';
import { Join } from './Join';
import { Ended, Loading, NotThere, Offline } from './Places';
import { RoomPage } from './RoomPage';

const t = texts('phone');

/** One room on this phone: checks whether it exists and who the user is in it, and shows the right page. */
export function Visit({ code, go }: { code: string; go(path: string): void }) {
  const identity = useSignal(identityIn(code));
  return identity.value
    ? <Present code={code} identity={identity.value} go={go} leave={() => {
        // Another tab may have joined anew, as the room that has this code now.
        const now = identityIn(code);
        if (now?.participantId === identity.peek()?.participantId) forgetIdentity(code);
        identity.value = identityIn(code);
      }} />
    : <Arrive code={code} go={go} enter={(joined) => {
        forgetSlip(code);
        forgetAttempt(code);
        if (identity.peek()?.participantId !== joined.participantId) identity.value = joined;
      }} />;
}

/** Not joined yet. Keeps looking for a missing room: the host may create it soon. */
function Arrive({ code, go, enter }: { code: string; go(path: string): void; enter(joined: Identity): void }) {
  const found = useSignal<RoomSummary | 'looking' | 'notThere' | 'offline'>('looking');
  useEffect(() => whenJoinedElsewhere(code, enter), [code]);
  useEffect(() => {
    let wanted = true;
    void (async () => {
      for (let attempt = 0; wanted; attempt++) {
        try {
          const room = await findRoom(code);
          if (wanted) found.value = room;
          return;
        } catch (error) {
          if (!wanted) return;
          found.value = error instanceof Refusal && error.passes ? 'offline' : 'notThere';
          await Promise.race([sleep(Math.max(2000, backoff(attempt))), cameOnline()]);
        }
      }
    })();
    return () => {
      wanted = false;
    };
  }, [code]);
  switch (found.value) {
    case 'looking': return <Loading />;
    case 'notThere': return <NotThere code={code} go={go} />;
    case 'offline': return <Offline />;
    default: return found.value.state === 'closed'
      ? <Ended title={found.value.title} go={go} />
      : <Join room={found.value} enter={enter} over={() => {
          found.value = { ...(found.value as RoomSummary), state: 'closed' };
        }} />;
  }
}

/** In the room, while the token is valid. */
function Present({ code, identity, go, leave }: { code: string; identity: Identity; go(path: string): void; leave(): void }) {
  const { room, ballots } = useMemo(() => {
    const live = new Room(code, identity.token);
    return { room: live, ballots: new Ballots(live, identity.participantId) };
  }, [identity]);
  useEffect(() => () => {
    ballots.end();
    room.connection.end();
  }, [room]);
  useEffect(() => room.link.subscribe((link) => {
    if (link === 'refused') leave();
  }), [room]);
  useEffect(() => room.ended.subscribe((ended) => {
    // The code may now belong to another room, which the user wants to join.
    if (ended) void findRoom(code).then((now) => now.state === 'open' && leave()).catch(() => undefined);
  }), [room]);
  useEffect(() => {
    document.title = `${room.state.value?.title ?? t.title} · ${texts('common').product}`;
  }, [room.state.value?.title]);
  return room.state.value ? <RoomPage room={room} ballots={ballots} go={go} /> : <Loading broken={room.link.value === 'broken'} waits={ballots.outbox.value.size > 0} />;
}
