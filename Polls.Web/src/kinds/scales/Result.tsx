import { count, decimal, number } from '../../messages/text';
import { scales as t } from '#messages/scales';
import { MineMark } from '../../ui/MineMark';
import type { ResultProps } from '../parts';
import { meanText } from './plain';
import { scaleOfStatements, statementsOf } from './statements';
import { Strip } from './Strip';

/** Mean and distribution of each statement. */
export function Result({ poll, tally, mine }: ResultProps) {
  const scale = scaleOfStatements(poll);
  const statements = statementsOf(poll, tally);
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
    </div>
  );
}
