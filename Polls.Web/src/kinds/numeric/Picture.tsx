import { fill } from '../../messages/text';
import { numeric as t } from '#messages/numeric';
import { MineMark } from '../../ui/MineMark';
import type { Numbers } from '../../contract/types';
import { Histogram } from './Histogram';
import type { Range } from './range';
import { figures, measure, shown } from './words';

/** The numbers of a bin. */
export const interval = (first: number, last: number): string => first === last ? shown(first) : fill(t.to, { from: shown(first), to: shown(last) });

/** The median, large, and the other figures. */
export const Figures = ({ range, numbers }: { range: Range; numbers: Numbers }) => (
  <div class="number-figures numbers">
    <p class="number-median"><span class="muted">{t.median}</span> <b>{measure(numbers.median)}</b>{range.unit && <bdi>{range.unit}</bdi>}</p>
    <ul class="muted">{figures(numbers, range).map((text) => <li key={text}>{text}</li>)}</ul>
  </div>
);

/** Figures and histogram, with the person's own number marked. */
export function Picture({ range, numbers, mine }: { range: Range; numbers: Numbers; mine?: number | undefined }) {
  return (
    <div class="number-result">
      <Figures range={range} numbers={numbers} />
      {mine !== undefined && <p><MineMark /> <b class="numbers" dir="auto">{measure(mine, range)}</b></p>}
      {numbers.bins && <Histogram range={range} numbers={numbers} mine={mine} letters={32} />}
    </div>
  );
}
