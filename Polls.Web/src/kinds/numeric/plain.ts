import { fill, number } from '../../messages/text';
import { numeric as t } from '#messages/numeric';
import { texts } from '../../messages/texts';
import type { PollView, Tally } from '../../contract/types';
import type { Plain } from '../parts';
import { interval } from './Picture';
import { binsOf, rangeOf } from './range';
import { figures, measure } from './words';

const common = texts('common');

const sentences = ({ settings }: PollView, tally: Tally | undefined): string[] => {
  const [range, numbers] = [rangeOf(settings), tally?.numbers ?? { n: 0 }];
  return [fill(t.medianIs, { value: measure(numbers.median, range) }), ...figures(numbers, range)];
};

export const plain: Plain = {
  lead: (poll, tally) => sentences(poll, tally)[0]!,
  spoken: sentences,
  tables: (poll, tally) => [{
    caption: sentences(poll, tally).join(' · '),
    head: [t.interval, common.votesColumn],
    rows: tally?.numbers?.bins ? binsOf(rangeOf(poll.settings), tally.numbers).map(({ first, last, count }) => ({ name: interval(first, last), cells: [number(count)] })) : [],
  }],
};
