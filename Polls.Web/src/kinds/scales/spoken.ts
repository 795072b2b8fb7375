import type { PollView, Tally } from '../../contract/types';
import { count, decimal, fill, sentences } from '../../messages/text';
import { rating } from '#messages/rating';
import { scales as t } from '#messages/scales';
import { statementsOf } from './statements';

export const meanText = (mean: number | undefined): string => fill(rating.mean, { value: mean === undefined ? '–' : decimal(mean) });

/** A sentence per statement. */
export const spoken = (poll: PollView, tally: Tally | undefined): string[] =>
  statementsOf(poll, tally).map(({ text, n, mean }) => sentences(text, meanText(mean), count(t.answers, n)));
