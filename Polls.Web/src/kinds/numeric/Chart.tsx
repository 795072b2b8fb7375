import { number } from '../../messages/text';
import type { ChartProps } from '../parts';
import { Histogram } from './Histogram';
import { Figures, interval } from './Picture';
import { binsOf, rangeOf } from './range';
import { rangeText } from './words';

/** The median, large, above the histogram; which numbers can be given while the tally is hidden. */
export function Chart({ poll, tally }: ChartProps) {
  const range = rangeOf(poll.settings);
  const numbers = tally && (tally.numbers ?? { n: 0 });
  return (
    <div class="number-chart">
      {numbers ? <Figures range={range} numbers={numbers} /> : <p class="number-range">{rangeText(range)}</p>}
      {numbers?.bins && <Histogram range={range} numbers={numbers} letters={64} />}
      {numbers?.bins && <ul class="unseen">{binsOf(range, numbers).map(({ first, last, count }) => <li key={first}>{interval(first, last)}: {number(count)}</li>)}</ul>}
      {numbers && !numbers.bins && <p class="muted">{rangeText(range)}</p>}
    </div>
  );
}
