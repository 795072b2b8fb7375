import { decimal, fill, number } from '../../messages/text';
import { rating as t } from '#messages/rating';
import { sharesOf } from '../../ui/shares';
import { spoken } from '../../ui/spoken';
import type { ChartProps } from '../parts';
import { Figures } from './Figures';
import { ratingOf, valuesOf } from './scale';
import { Symbol } from './Symbol';
import { valueText } from './Values';

/** A column per value, with a marker at the mean; only the values while the tally is hidden. */
export function Chart({ poll, tally }: ChartProps) {
  const rating = ratingOf(poll, tally);
  const { scale, counts, voters, mean } = rating;
  const shares = sharesOf(counts, voters, true);
  const most = Math.max(1, ...counts);
  return (
    <div class={`rating-chart${tally ? '' : ' bare'}${counts.length > 7 ? ' many' : ''}`} style={{ '--values': `${counts.length}` }}>
      {tally && <Figures rating={rating} />}
      <div class="columns-frame">
        <ol class="rating-columns">
          {valuesOf(scale).map((value, i) => (
            <li key={value} class={`rating-column${shares[i]!.leads ? ' leads' : ''}`}>
              {tally && <>
                <span class="column-share numbers" aria-hidden="true"><b>{shares[i]!.percent}</b> <small>{number(counts[i]!)}</small></span>
                <span class="column" aria-hidden="true"><i style={{ '--share': `${counts[i]! / most}` }} /></span>
                <span class="unseen">{valueText(scale, value)}: {spoken(counts[i]!, shares[i]!.percent)}</span>
              </>}
              <span class="column-name" aria-hidden={tally !== undefined}>
                {scale.look !== 'numbers' && scale.look !== 'nps' && <Symbol scale={scale} value={value} filled />}
                <span class="numbers">{number(value)}</span>
              </span>
            </li>
          ))}
        </ol>
        {tally && mean !== undefined && (
          <p class="mean-marker" style={{ '--at': `${(mean - scale.min + 0.5) / counts.length}` }} aria-hidden="true"><span class="numbers">{fill(t.mean, { value: decimal(mean) })}</span></p>
        )}
      </div>
      {(scale.lowLabel || scale.highLabel) && <p class="scale-labels muted"><span dir="auto">{scale.lowLabel}</span> <span dir="auto">{scale.highLabel}</span></p>}
    </div>
  );
}
