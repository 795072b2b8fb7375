import { useEffect } from 'preact/hooks';
import type { Discard, JoinMinute } from '../contract/types';
import { count, fill, list, number } from '../messages/text';
import { texts } from '../messages/texts';
import type { Desk } from './desk';
import { Dialog } from './Dialog';
import { Icon } from './Icon';

const t = texts('host');
const common = texts('common');
const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: 'short' });
const timeOf = ({ at }: { at: string }): string => time.format(new Date(at));
const mostMinutes = 10;

/** Dialog about the people who joined: locks joining, and discards and restores votes. */
export function PeopleDialog({ desk, close }: { desk: Desk; close(): void }) {
  const { people, jobs, room } = desk;
  const { assurance, joiningLocked, discards } = room.state.value!;
  useEffect(() => void people.load(), [discards]);
  const joins = people.joins.value;
  const minutes = joins?.minutes.filter(({ votersNeverConnected }) => votersNeverConnected > 0).slice(0, mostMinutes) ?? [];
  // Seat codes keep strangers out already; the server discards no votes there.
  const canDiscard = assurance !== 'seatCode' && !room.ended.value;
  const ask = (minute?: JoinMinute): void => {
    people.asked.value = minute;
    desk.dialog.value = 'discardVotes';
  };
  return (
    <Dialog title={t.people} close={close} kind="joins">
      {joins && <p>{count(t.joined, joins.joined)}{joins.votersNeverConnected > 0 && <> <strong>{count(t.votedUnseen, joins.votersNeverConnected)}</strong></>}</p>}
      {jobs.problem.value?.of === 'people' && <p class="error" role="alert">{jobs.problem.value.text}</p>}
      {minutes.length > 0 && <Minutes minutes={minutes} ask={canDiscard ? ask : undefined} />}
      {joins && joins.votersNeverConnected > 0 && canDiscard && (
        <button id="discard-votes" class="button danger" type="button" aria-haspopup="dialog" aria-disabled={jobs.runs('people')} onClick={() => ask()}>
          <Icon name="trash" /> {t.discardVotes}
        </button>
      )}
      {!room.ended.value && (
        <div class="joins-lock">
          <p class="hint">{joiningLocked ? t.nobodyElse : t.lockHint}</p>
          <button id="lock-joining" class="button" type="button" aria-disabled={jobs.runs('people')} onClick={() => void people.lock(!joiningLocked)}>
            <Icon name="lock" /> {joiningLocked ? t.unlockJoining : t.lockJoining}
          </button>
        </div>
      )}
      {joins && joins.discards.length > 0 && <Discards desk={desk} discards={joins.discards} />}
    </Dialog>
  );
}

/** The minutes in which people joined who voted and never connected, each with a button where 'ask' is given. */
const Minutes = ({ minutes, ask }: { minutes: JoinMinute[]; ask: ((minute: JoinMinute) => void) | undefined }) => (
  <table class="join-minutes numbers">
    <thead><tr><th scope="col">{t.joinedAt}</th><th scope="col">{t.people}</th><th scope="col">{t.unseenColumn}</th>{ask && <td />}</tr></thead>
    <tbody>
      {minutes.map((minute) => {
        const label = fill(t.discardMinute, { time: timeOf(minute) });
        return (
          <tr key={minute.at}>
            <th scope="row">{timeOf(minute)}</th>
            <td>{number(minute.joined)}</td>
            <td>{number(minute.neverConnected)}</td>
            {ask && <td><button class="icon-button" type="button" aria-haspopup="dialog" aria-label={label} title={label} onClick={() => ask(minute)}><Icon name="trash" /></button></td>}
          </tr>
        );
      })}
    </tbody>
  </table>
);

const Discards = ({ desk, discards }: { desk: Desk; discards: Discard[] }) => (
  <section class="discards" aria-labelledby="discards-title">
    <h3 id="discards-title" tabIndex={-1}>{t.discardedVotes}</h3>
    <ul>
      {discards.map((discard) => (
        <li key={discard.id}>
          <span id={`discard-${discard.id}`} class="numbers"><strong>{timeOf(discard)}</strong> {list([count(t.persons, discard.people), count(common.voters, discard.votes)])}</span>
          {discard.restoredAt ? <span class="muted">{t.restored}</span> : !desk.room.ended.value && (
            <button class="button small" type="button" aria-describedby={`discard-${discard.id}`} aria-disabled={desk.jobs.runs('people')}
              onClick={() => void desk.people.restore(discard.id)}>{t.restore}</button>
          )}
        </li>
      ))}
    </ul>
  </section>
);
