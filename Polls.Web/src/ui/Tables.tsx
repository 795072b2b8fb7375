import { useSignal } from '@preact/signals';
import { texts } from '../messages/texts';

const common = texts('common');

/** The big screen makes fewer rows fit; more are scrolled. */
const manyRows = 14;

/** A result as a table. */
export interface Table {
  /** What it shows, if that is not obvious. */
  caption?: string;
  /** The names of the columns. The first one has the names of the rows. */
  head: string[];
  rows: Row[];
}

export interface Row {
  /** The letter of an option. */
  letter?: string;
  name: string;
  cells: string[];
  /** Cells that stand out. */
  more?: boolean[];
}

/** The tables of a result. */
export const Tables = ({ tables }: { tables: Table[] }) => (
  <div class={`tables${tables.some(({ rows }) => rows.length > manyRows) ? ' long' : ''}`}>
    {tables.map(({ caption, head, rows }, i) => (
      <div key={i} class="table-frame" tabIndex={0} role="group" aria-label={caption ?? head.join(', ')}>
        <table class="numbers">
          {caption && <caption>{caption}</caption>}
          <thead><tr>{head.map((name, column) => <th key={column} scope="col">{name}</th>)}</tr></thead>
          <tbody>
            {rows.map(({ letter, name, cells, more }, row) => (
              <tr key={row}>
                <th scope="row">{letter && <b>{letter}</b>} <span dir="auto">{name}</span></th>
                {cells.map((text, column) => <td key={column} class={more?.[column] ? 'more' : undefined}>{text}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    ))}
  </div>
);

/** A button that shows the tables. They are made only while they are open: a tally changes many times a second. */
export function AsTable({ tables }: { tables(): Table[] }) {
  const open = useSignal(false);
  return (
    <details class="as-table" onToggle={(event) => {
      open.value = event.currentTarget.open;
    }}>
      <summary>{common.asTable}</summary>
      {open.value && <Tables tables={tables()} />}
    </details>
  );
}
