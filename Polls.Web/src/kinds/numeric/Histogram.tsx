import { number } from '../../messages/text';
import type { Numbers } from '../../contract/types';
import { binsOf, placeOf, ticksOf, type Range } from './range';
import { shown } from './words';

const fewBins = 12;

/**
 * A bar per interval; below them the median and the middle half, the own number, and the axis, which has space for so
 * many letters. Decorative: figures and table say the same.
 */
export function Histogram({ range, numbers, mine, letters }: { range: Range; numbers: Numbers; mine?: number | undefined; letters: number }) {
  const bins = binsOf(range, numbers);
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const at = (value = 0): string => `${placeOf(value, range, numbers)}`;
  const longest = Math.max(shown(range.min).length, shown(range.max).length) + range.decimals + 2;
  const ticks = ticksOf(range, numbers, Math.max(2, Math.min(6, Math.floor(letters / longest))));
  return (
    <div class="histogram numbers" aria-hidden="true">
      <div class="histogram-bars">
        {bins.map(({ first, last, count }) => (
          <span key={first} class={mine !== undefined && mine >= first && mine <= last ? 'own-bin' : ''}>
            {bins.length <= fewBins && most < 1000 && count > 0 && <small>{number(count)}</small>}
            <i style={{ '--share': `${count / most}` }} />
          </span>
        ))}
      </div>
      <div class="spread">
        <span class="spread-half" style={{ '--from': at(numbers.q1), '--to': at(numbers.q3) }} />
        <span class="spread-median" style={{ '--at': at(numbers.median) }} />
        {mine !== undefined && <span class="spread-mine" style={{ '--at': at(mine) }} />}
      </div>
      <div class="axis">{ticks.map((value) => <span key={value} style={{ '--at': at(value) }}>{shown(value)}</span>)}</div>
      {range.unit && <p class="axis-unit muted"><bdi>{range.unit}</bdi></p>}
    </div>
  );
}
