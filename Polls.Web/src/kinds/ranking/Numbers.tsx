import { useSignal } from '@preact/signals';
import { number } from '../../messages/text';
import { ranking as t } from '#messages/ranking';
import type { PollView } from '../../contract/types';
import { letter } from '../../ui/letter';
import type { Order } from './order';

/** Votes per place and all direct comparisons, as tables. They are there only while they are open. */
export function Numbers({ poll: { options }, order: { ranked, prefer } }: { poll: PollView; order: Order }) {
  const open = useSignal(false);
  const all = options.map((_, option) => option);
  const counts = new Map(ranked.map((one) => [one.option, one.counts]));
  const table = (caption: string, columns: string[], cells: (option: number) => { text: string; more?: boolean }[]) => (
    <div class="table-frame" tabIndex={0} role="region" aria-label={caption}>
      <table class="numbers">
        <caption>{caption}</caption>
        <thead><tr><th scope="col">{t.option}</th>{columns.map((column) => <th key={column} scope="col">{column}</th>)}</tr></thead>
        <tbody>
          {all.map((option) => (
            <tr key={option}>
              <th scope="row"><b>{letter(option)}</b> <span dir="auto">{options[option]}</span></th>
              {cells(option).map(({ text, more }, i) => <td key={i} class={more ? 'more' : undefined}>{text}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
  return (
    <details class="all-numbers" onToggle={(event) => {
      open.value = event.currentTarget.open;
    }}>
      <summary>{t.numbers}</summary>
      {open.value && <div class="all-tables">
        {table(t.perPlace, counts.get(0)!.map((_, place) => number(place + 1)), (option) => counts.get(option)!.map((votes) => ({ text: number(votes) })))}
        {table(t.pairs, all.map(letter), (option) => all.map((other) => option === other ? { text: '' } : { text: number(prefer(option, other)), more: prefer(option, other) > prefer(other, option) }))}
      </div>}
    </details>
  );
}
