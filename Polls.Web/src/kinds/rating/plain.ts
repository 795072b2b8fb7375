import { number, sentences } from '../../messages/text';
import { rating as t } from '#messages/rating';
import { texts } from '../../messages/texts';
import { sharesOf } from '../../ui/shares';
import { spoken } from '../../ui/spoken';
import type { Table } from '../../ui/Tables';
import type { Plain } from '../parts';
import { figures, groups } from './Figures';
import { ratingOf, valuesOf, type Rating } from './scale';
import { valueText } from './Values';

const common = texts('common');

const table = (counts: readonly number[], names: string[], voters: number): Table => ({
  head: [t.valueColumn, common.votesColumn, common.shareColumn],
  rows: sharesOf(counts, voters, true).map(({ count, percent }, i) => ({ name: names[i]!, cells: [number(count), percent || '–'] })),
});

const names = ({ scale }: Rating): string[] => valuesOf(scale).map((value) => valueText(scale, value));

export const plain: Plain = {
  lead: (poll, tally) => figures(ratingOf(poll, tally))[0]!,
  spoken: (poll, tally) => {
    const rating = ratingOf(poll, tally);
    const shares = sharesOf(rating.counts, rating.voters, true);
    return [...figures(rating), ...names(rating).map((name, i) => sentences(name, spoken(rating.counts[i]!, shares[i]!.percent)))];
  },
  tables: (poll, tally) => {
    const rating = ratingOf(poll, tally);
    return [
      { ...table(rating.counts, names(rating), rating.voters), caption: sentences(...figures(rating)) },
      ...(rating.nps ? [table(rating.nps.groups, groups.map((group) => t[group]), rating.voters)] : []),
    ];
  },
};
