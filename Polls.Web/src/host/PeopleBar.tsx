import { useEffect } from 'preact/hooks';
import { count, sentences } from '../messages/text';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';
import type { Desk } from './desk';
import { Icon } from './Icon';

const t = texts('host');

/** Warns of ballot stuffing, and reminds of locked joining. */
export function PeopleBar({ desk }: { desk: Desk }) {
  const { people, room } = desk;
  const watching = room.link.value === 'live' && !room.ended.value;
  useEffect(() => (watching ? people.watch() : undefined), [watching]);
  const joins = people.joins.value;
  const warning = joins?.warning ? sentences(count(t.votedUnseen, joins.votersNeverConnected), t.stuffing) : '';
  useEffect(() => {
    if (warning) announce(warning);
  }, [warning === '']);
  if (room.ended.value) return null;
  return (
    <>
      {warning && (
        <p class="people-bar warning">
          <Icon name="warning" />
          <span>{warning}</span>
          <button class="button small" type="button" aria-haspopup="dialog" onClick={() => {
            desk.dialog.value = 'people';
          }}>{t.people}</button>
        </p>
      )}
      {room.state.value!.joiningLocked && (
        <p class="people-bar locked">
          <Icon name="lock" />
          <span>{t.nobodyElse}</span>
          <button class="button small" type="button" aria-disabled={desk.jobs.runs('people')} onClick={() => void people.lock(false)}>{t.unlockJoining}</button>
        </p>
      )}
    </>
  );
}
