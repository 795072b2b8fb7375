import { count, decimal, number } from '../../messages/text';
import { scales as t } from '#messages/scales';
import type { ChartProps } from '../parts';
import { valuesOf } from '../rating/scale';
import { meanText } from './plain';
import { scaleOfStatements, statementsOf } from './statements';
import { Strip } from './Strip';

/** Mean and distribution of each statement; only the statements while the tally is hidden. */
export function Chart({ poll, tally }: ChartProps) {
  const scale = scaleOfStatements(poll);
  const many = poll.options.length;
  return (
    <div class={`chart scales-chart${tally ? '' : ' bare'}${many > 6 ? ' dense' : many > 3 ? ' snug' : ''}`}>
      <ol class="scales-rows">
        {statementsOf(poll, tally).map((statement, i) => (
          <li key={i} class="chart-row">
            <span class="chart-text" dir="auto">{statement.text}</span>
            {tally && <>
              <span class="chart-share numbers">
                <b aria-hidden="true">{statement.mean === undefined ? '–' : decimal(statement.mean)}</b>
                <small>{count(t.answers, statement.n)}</small>
                <span class="unseen">{meanText(statement.mean)}. {valuesOf(scale).map((value, step) => `${number(value)}: ${number(statement.counts[step]!)}`).join(', ')}</span>
              </span>
              <Strip statement={statement} />
            </>}
          </li>
        ))}
      </ol>
      <p class="scale-labels muted">
        <span><span class="numbers">{number(scale.min)}</span> <bdi>{scale.lowLabel}</bdi></span>
        <span><bdi>{scale.highLabel}</bdi> <span class="numbers">{number(scale.max)}</span></span>
      </p>
    </div>
  );
}
