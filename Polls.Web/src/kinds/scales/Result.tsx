import { count, decimal, fill, number } from '../../messages/text';
import { rating } from '#messages/rating';
import { scales as t } from '#messages/scales';
import { MineMark } from '../../ui/MineMark';
import { adjusted, sharesOf } from '../../ui/shares';
import type { ResultProps } from '../parts';
import { valuesOf } from '../rating/scale';
import { meanText } from './spoken';
import { scaleOfStatements, statementsOf } from './statements';
import { Strip } from './Strip';

/** Mean and distribution of each statement, and all counts in a table. */
export function Result({ poll, tally, mine }: ResultProps) {
  const scale = scaleOfStatements(poll);
  const statements = statementsOf(poll, tally);
  const why = statements.map(({ counts, n }) => adjusted(counts, n, true)).find(Boolean);
  return (
    <div class="scales-result">
      <ol class="statement-rows">
        {statements.map((statement, i) => (
          <li key={i} class="statement-row">
            <span class="statement-text" dir="auto">{statement.text}</span>
            <b class="numbers" aria-hidden="true">{statement.mean === undefined ? '–' : decimal(statement.mean)}</b>
            <span class="unseen">{meanText(statement.mean)}</span>
            <Strip statement={statement} />
            <span class="muted numbers">{count(t.answers, statement.n)}</span>
            {typeof mine?.values?.[i] === 'number' && <span class="numbers"><MineMark /> {number(mine.values[i]!)}</span>}
          </li>
        ))}
      </ol>
      {(scale.lowLabel || scale.highLabel) && <p class="scale-labels muted"><span dir="auto">{scale.lowLabel}</span> <span dir="auto">{scale.highLabel}</span></p>}
      <details class="as-table">
        <summary>{t.table}</summary>
        <div class="table-frame" tabIndex={0} role="group" aria-label={t.table}>
          <table class="numbers">
            <thead><tr><th scope="col">{t.statement}</th>{valuesOf(scale).map((value) => <th key={value} scope="col">{number(value)}</th>)}<th scope="col">{fill(rating.mean, { value: '' }).trim()}</th></tr></thead>
            <tbody>
              {statements.map(({ text, counts, n, mean }, i) => (
                <tr key={i}>
                  <th scope="row" dir="auto">{text}</th>
                  {sharesOf(counts, n, true).map(({ count: votes, percent }, step) => <td key={step}>{number(votes)}{percent && <small> {percent}</small>}</td>)}
                  <td>{mean === undefined ? '–' : decimal(mean)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {why && <p class="adjusted muted">{why}</p>}
      </details>
    </div>
  );
}
