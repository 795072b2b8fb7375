import { useEffect, useMemo } from 'preact/hooks';
import { hasAttempt } from '../live/seat';
import { texts } from '../messages/texts';
import { LinkBanner } from '../ui/LinkBanner';
import { Desk } from './desk';
import { Dialogs } from './Dialogs';
import { NewRoomLink, TopBar } from './TopBar';
import { Loading, NoRight } from './Pages';
import { PeopleBar } from './PeopleBar';
import { PollForm } from './PollForm';
import { PollList } from './PollList';
import { PollPanel } from './PollPanel';
import { ProblemBar } from './ProblemBar';
import { nameRoom, tryTokenBefore, type HostedRoom } from './rooms';
import { SeatBar } from './SeatBar';
import { Sheets } from './Sheets';
import { useShortcuts } from './shortcuts';

const t = texts('host');
const common = texts('common');

/** The desk of one room, while this device's token is valid. */
export function RoomDesk({ hosted, go }: { hosted: HostedRoom; go(path: string): void }) {
  const desk = useMemo(() => new Desk(hosted.code, hosted.token), []);
  const { room } = desk;
  useEffect(() => () => desk.leave(), []);
  useShortcuts(desk);
  const title = room.state.value?.title;
  useEffect(() => {
    document.title = `${title ?? t.title} · ${t.title} · ${common.product}`;
    if (title) nameRoom(hosted.code, title);
  }, [title]);
  useEffect(() => room.link.subscribe((link) => {
    if (link !== 'refused') return;
    // This device may itself have revoked its token, without having the answer yet.
    if (desk.jobs.runs('revoke')) return;
    if (hasAttempt(`host.${hosted.code}`)) void desk.revokeTokens(hosted).then((done) => done || tryTokenBefore(hosted.code));
    else tryTokenBefore(hosted.code);
  }), []);
  if (room.link.value === 'refused') return <NoRight go={go} />;
  if (!room.state.value) return <Loading broken={room.link.value === 'broken'} />;
  if (desk.seats.sheets.value) return <Sheets desk={desk} sheets={desk.seats.sheets.value} />;
  const writing = desk.writing.visible.value && !room.ended.value;
  return (
    <div class={`desk${desk.inPoll.value ? ' in-poll' : ''}`}>
      <TopBar desk={desk} hosted={hosted} go={go} />
      <div class="desk-body">
        <PollList desk={desk} />
        <main class="desk-main">
          <LinkBanner room={room} />
          <ProblemBar desk={desk} />
          {room.ended.value && <NewRoomLink desk={desk} go={go} />}
          <PeopleBar desk={desk} />
          <SeatBar desk={desk} />
          {writing ? <PollForm desk={desk} /> : <PollPanel desk={desk} />}
        </main>
      </div>
      <Dialogs desk={desk} hosted={hosted} go={go} />
    </div>
  );
}
