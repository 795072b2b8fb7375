import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { limits } from '../contract/types';
import { latinDigits } from '../live/typing';
import { count, fill } from '../messages/text';
import { texts } from '../messages/texts';
import type { Desk } from './desk';
import { Dialog } from './Dialog';
import { useBackOnline } from '../ui/offline';
import { Icon } from './Icon';
import { explain } from './refusals';

const t = texts('host');
const common = texts('common');
const pauseMs = 2000;

/** Dialog for creating, counting and printing seat codes. */
export function SeatsDialog({ desk, close }: { desk: Desk; close(): void }) {
  const { seats, jobs, room } = desk;
  const typed = useSignal('');
  const fault = useSignal('');
  const said = useSignal('');
  useBackOnline(fault, room.link.value === 'live');
  // Every join uses a code. Reload once for a burst of joins, not once per join.
  useEffect(() => {
    const timer = setTimeout(() => void seats.load(), seats.all.peek() ? pauseMs : 0);
    return () => clearTimeout(timer);
  }, [room.participants.value]);
  const make = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (jobs.runs('seats')) return;
    const wanted = Number(latinDigits(typed.peek().trim()) || NaN);
    said.value = '';
    fault.value = Number.isInteger(wanted) && wanted >= 1 && wanted <= limits.seatsAtOnce ? '' : fill(t.badSeatCount, { max: limits.seatsAtOnce });
    if (fault.peek()) return document.getElementById('seats-more')?.focus();
    const made = await seats.make(wanted, (refusal) => {
      fault.value = explain(refusal);
      document.getElementById('seats-more')?.focus();
      return true;
    });
    if (made === undefined) return;
    typed.value = '';
    said.value = count(t.seatsMade, made);
  };
  const total = seats.all.value?.length;
  return (
    <Dialog title={t.seats} close={close} kind="seats">
      <p>{t.seatsHint}</p>
      {total !== undefined && total > 0 && (
        <div class="seats-state">
          <p class="numbers"><strong>{fill(t.seatsTaken, { taken: seats.taken.value, total })}</strong></p>
          <div class="bar" aria-hidden="true"><i style={{ '--share': `${seats.taken.value / total}` }} /></div>
        </div>
      )}
      <form class="field" noValidate onSubmit={(event) => void make(event)}>
        <label for="seats-more">{t.seatsMore}</label>
        <div class="copy">
          <input id="seats-more" class="input numbers" inputMode="numeric" autoComplete="off" enterKeyHint="done" placeholder="100" value={typed.value}
            aria-invalid={fault.value !== ''} aria-describedby="seats-error" onInput={(event) => {
              typed.value = event.currentTarget.value;
              fault.value = '';
            }} />
          <button class={`button${total ? '' : ' primary'}`} type="submit" aria-disabled={jobs.runs('seats')}><Icon name="plus" /> {t.makeSeats}</button>
        </div>
        <p id="seats-error" class="error" role="alert">{fault.value}</p>
        <p class="hint" role="status">{said.value}</p>
      </form>
      {seats.free.value > 0 && (
        <button class="button primary" type="button" aria-disabled={jobs.runs('sheets')} onClick={() => void seats.show()}>
          <Icon name="ticket" /> {jobs.runs('sheets') ? common.loading : t.printSeats}
        </button>
      )}
      {jobs.problem.value?.of === 'sheets' && <p class="error" role="alert">{jobs.problem.value.text}</p>}
    </Dialog>
  );
}
