import { useRef } from 'preact/hooks';
import { decimal, fill, number } from '../../messages/text';
import { ranking as t } from '#messages/ranking';
import { Bar } from '../../ui/Bar';
import { useFlip } from '../../ui/flip';
import { Icon } from '../../ui/Icon';
import { letter } from '../../ui/letter';
import type { ChartProps } from '../parts';
import { averageText, orderIn } from './figures';

/** The options in the order of their points, with bars; in their own order while the tally is hidden. */
export function Chart({ poll, tally }: ChartProps) {
  const { ranked, winner, most } = orderIn(poll, tally);
  const voters = tally?.voters ?? 0;
  const list = useRef<HTMLOListElement>(null);
  useFlip(list, ranked.map(({ option }) => option).join());
  const options = poll.options.length;
  return (
    <ol class={`chart ranking-chart${tally ? '' : ' bare'}${options > 5 ? ' snug' : ''}`} style={{ '--half': `${Math.ceil(options / 2)}` }} ref={list}>
      {ranked.map(({ option, place, points, average }) => (
        <li key={option} data-flip={option} class={`chart-row hue-${option % 8}${voters > 0 && place === 1 ? ' leads' : ''}`}>
          <span class="option-letter numbers">
            {voters > 0 && <span class="unseen">{fill(t.place, { place })}</span>}
            <span aria-hidden="true">{voters > 0 ? number(place) : letter(option)}</span>
          </span>
          <span class="chart-text"><span dir="auto">{poll.options[option]}</span>{tally && option === winner && <em class="wins"><Icon name="check" /> {t.wins}</em>}</span>
          {tally && <>
            <span class="chart-share numbers">
              <span aria-hidden="true"><b>{average === undefined ? '–' : decimal(average)}</b> <small>{number(points)}</small></span>
              <span class="unseen">{averageText(average, points)}</span>
            </span>
            <Bar share={voters > 0 ? points / (voters * most) : 0} option={option} />
          </>}
        </li>
      ))}
    </ol>
  );
}
