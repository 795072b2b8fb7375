import { number } from '../../messages/text';
import { Bar } from '../../ui/Bar';
import { letter } from '../../ui/letter';
import type { ChartProps } from '../parts';
import { pointsOf, spokenPoints } from './figures';

/** Of more options, what is beside the numbers would be too small to read. */
const roomy = 5;

/** A bar per option; only the options while the tally is hidden. */
export function Chart({ poll, tally }: ChartProps) {
  const options = poll.options.length;
  return (
    <ol class={`chart points-chart${tally ? '' : ' bare'}${options > 10 ? ' dense' : options > roomy ? ' snug' : ''}`} style={{ '--half': `${Math.ceil(options / 2)}` }}>
      {pointsOf(poll, tally).map((result, i) => (
        <li key={i} class={`chart-row hue-${i % 8}${result.leads ? ' leads' : ''}`}>
          <span class="option-letter" aria-hidden="true">{letter(i)}</span>
          <span class="chart-text"><span dir="auto">{poll.options[i]}</span> {tally && options <= roomy && <span class="given-facts muted numbers" aria-hidden="true">{result.facts.map((fact) => <span key={fact}>{fact}</span>)}</span>}</span>
          {tally && <>
            <span class="chart-share numbers">
              <span aria-hidden="true"><b>{result.percent}</b> <small>{number(result.count)}</small></span>
              <span class="unseen">{spokenPoints(result)}</span>
            </span>
            <Bar share={result.share} option={i} />
          </>}
        </li>
      ))}
    </ol>
  );
}
