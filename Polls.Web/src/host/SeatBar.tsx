import { useEffect } from 'preact/hooks';
import { texts } from '../messages/texts';
import type { Desk } from './desk';
import { Icon } from './Icon';

const t = texts('host');

/** Access to the seat codes of a room. Prominent only while there are none, because no one can join then. */
export function SeatBar({ desk }: { desk: Desk }) {
  const { seats } = desk;
  const live = desk.room.link.value === 'live';
  useEffect(() => {
    if (live && seats.wanted.value && !seats.all.peek()) void seats.load();
  }, [live, seats.wanted.value]);
  if (!seats.wanted.value) return null;
  const none = seats.all.value?.length === 0;
  return (
    <p class={`seat-bar${none ? ' none' : ''}`}>
      <Icon name="ticket" />
      <span>{none ? t.seatsNone : t.seatsNeeded}</span>
      <button id="seats" class={`button small${none ? ' primary' : ''}`} type="button" aria-haspopup="dialog" onClick={() => {
        desk.dialog.value = 'seats';
      }}>{t.seats}</button>
    </p>
  );
}
