import { fill, number } from '../../messages/text';
import { points as t } from '#messages/points';
import { Bar } from '../../ui/Bar';
import { Icon } from '../../ui/Icon';
import { letter } from '../../ui/letter';
import type { ResultProps } from '../parts';
import { adjustedPoints, pointsOf, spokenPoints } from './figures';

/** The share of all points per option, with what the person gave. */
export function Result({ poll, tally, mine }: ResultProps) {
  const why = adjustedPoints(poll, tally);
  return (
    <div class="points-result">
      <ol class="result-list">
        {pointsOf(poll, tally).map((result, i) => (
          <li key={i} class={`result-row hue-${i % 8}${result.leads ? ' leads' : ''}`}>
            <span class="option-letter" aria-hidden="true">{letter(i)}</span>
            <span class="result-text">
              <span dir="auto">{poll.options[i]}</span>
              {mine?.points?.[i] ? <em class="mine-mark"><Icon name="check" /> {fill(t.yours, { given: mine.points[i]! })}</em> : null}
            </span>
            <span class="option-share numbers">
              <span aria-hidden="true">{result.percent} <small>{number(result.count)}</small></span>
              <span class="unseen">{spokenPoints(result)}</span>
            </span>
            <Bar share={result.share} option={i} />
            <span class="given-facts muted numbers" aria-hidden="true">{result.facts.map((fact) => <span key={fact}>{fact}</span>)}</span>
          </li>
        ))}
      </ol>
      {why && <p class="adjusted muted">{why}</p>}
    </div>
  );
}
