import { useSignal } from '@preact/signals';
import { fill } from '../messages/text';
import { texts } from '../messages/texts';
import { Confirm } from './Confirm';
import { Icon } from './Icon';
import { focusSoon } from './place';
import { dropRoom, hostedRooms, type HostedRoom } from './rooms';

const t = texts('host');
const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });

/** The rooms that this device can host. */
export function RoomList({ go }: { go(path: string): void }) {
  const leaving = useSignal<HostedRoom | undefined>(undefined);
  return (
    <section class="rooms" aria-labelledby="rooms-title">
      <h2 id="rooms-title" tabIndex={-1}>{t.yourRooms}</h2>
      {hostedRooms.value.length === 0 && <p class="muted nothing">{t.noRooms}</p>}
      <ul>
        {hostedRooms.value.map((room) => (
          <li key={room.code} class="room-row">
            <a href={`/host/${room.code}${location.search}`} onClick={(event) => {
              if (event.ctrlKey || event.metaKey || event.shiftKey) return;
              event.preventDefault();
              go(`/host/${room.code}`);
            }}>
              <strong dir="auto">{room.title || t.untitled}</strong>
              <span class="muted numbers"><span class="code" dir="ltr">{room.code}</span> {fill(t.created, { date: when.format(new Date(room.createdAt)) })}</span>
              <Icon name="arrow" mirrored />
            </a>
            <button class="icon-button" type="button" aria-label={fill(t.removeRoomNamed, { title: room.title || room.code })} title={t.removeRoom}
              onClick={() => {
                leaving.value = room;
              }}><Icon name="close" /></button>
          </li>
        ))}
      </ul>
      {leaving.value && <Confirm title={fill(t.removeRoomAsk, { title: leaving.value.title || leaving.value.code })} hint={t.removeRoomHint} yes={t.removeRoom}
        close={() => {
          leaving.value = undefined;
        }} agree={() => {
          dropRoom(leaving.peek()!.code);
          focusSoon('rooms-title');
        }} />}
    </section>
  );
}
