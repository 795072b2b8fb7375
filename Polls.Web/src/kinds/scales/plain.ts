import { count, decimal, fill, number, sentences } from '../../messages/text';
import { rating } from '#messages/rating';
import { scales as t } from '#messages/scales';
import { adjusted, sharesOf } from '../../ui/shares';
import type { Plain } from '../parts';
import { valuesOf } from '../rating/scale';
import { scaleOfStatements, statementsOf, type Statement } from './statements';

const short = (mean: number | undefined): string => (mean === undefined ? '–' : decimal(mean));

export const meanText = (mean: number | undefined): string => fill(rating.mean, { value: short(mean) });

const sentence = ({ text, n, mean }: Statement): string => sentences(text, meanText(mean), count(t.answers, n));

export const plain: Plain = {
  lead: (poll, tally) => sentence([...statementsOf(poll, tally)].sort((a, b) => (b.mean ?? -1) - (a.mean ?? -1))[0]!),
  spoken: (poll, tally) => statementsOf(poll, tally).map(sentence),
  tables: (poll, tally) => {
    const statements = statementsOf(poll, tally);
    const why = statements.map(({ counts, n }) => adjusted(counts, n, true)).find(Boolean);
    return [{
      ...(why ? { caption: why } : {}),
      head: [t.statement, ...valuesOf(scaleOfStatements(poll)).map(number), t.averageColumn],
      rows: statements.map(({ text, counts, n, mean }) => ({
        name: text,
        cells: [...sharesOf(counts, n, true).map(({ count: votes, percent }) => percent ? `${number(votes)} (${percent})` : number(votes)), short(mean)],
      })),
    }];
  },
};
