import type { ChartProps } from '../parts';
import { Histogram } from './Histogram';
import { Figures } from './Picture';
import { rangeOf } from './range';
import { rangeText } from './words';

/** The median, large, above the histogram; which numbers can be given while the tally is hidden. */
export function Chart({ poll, tally }: ChartProps) {
  const range = rangeOf(poll.settings);
  const numbers = tally && (tally.numbers ?? { n: 0 });
  return (
    <div class="number-chart">
      {numbers ? <Figures range={range} numbers={numbers} /> : <p class="number-range">{rangeText(range)}</p>}
      {numbers?.bins && <Histogram range={range} numbers={numbers} letters={64} />}
      {numbers && !numbers.bins && <p class="muted">{rangeText(range)}</p>}
    </div>
  );
}
