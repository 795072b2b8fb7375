import { number } from '../../messages/text';
import { Bar } from '../../ui/Bar';
import { MineMark } from '../../ui/MineMark';
import { sharesOf } from '../../ui/shares';
import { spoken } from '../../ui/spoken';
import type { ResultProps } from '../parts';
import { adjustedRating } from './adjusted';
import { Figures } from './Figures';
import { ratingOf, valuesOf } from './scale';
import { Symbol } from './Symbol';
import { valueText } from './Values';

/** The figures, and a bar per value, the highest first. */
export function Result({ poll, tally, mine }: ResultProps) {
  const rating = ratingOf(poll, tally);
  const { scale, counts, voters } = rating;
  const shares = sharesOf(counts, voters, true);
  const why = adjustedRating(rating);
  return (
    <div class="rating-result">
      <Figures rating={rating} />
      <ol class="value-rows">
        {valuesOf(scale).map((value, i) => (
          <li key={value} class={`value-row${shares[i]!.leads ? ' leads' : ''}`}>
            <span class="value-name" aria-hidden="true">{scale.look === 'smileys' ? <Symbol scale={scale} value={value} /> : <span class="numbers">{number(value)}</span>}{scale.look === 'stars' && <Symbol scale={scale} value={value} filled />}</span>
            <span class="unseen">{valueText(scale, value)}</span>
            <Bar share={shares[i]!.share} option={0} />
            <span class="option-share numbers">
              <span aria-hidden="true">{shares[i]!.percent} <small>{number(counts[i]!)}</small></span>
              <span class="unseen">{spoken(counts[i]!, shares[i]!.percent)}</span>
            </span>
            {mine?.value === value && <MineMark />}
          </li>
        )).reverse()}
      </ol>
      {why && <p class="adjusted muted">{why}</p>}
    </div>
  );
}
