import type { PollView, Tally } from '../../contract/types';
import { adjusted, sharesOf, type Share } from '../../ui/shares';

const isSingle = ({ kind }: PollView): boolean => kind === 'singleChoice';
const counts = (poll: PollView, tally: Tally | undefined): number[] => poll.options.map((_, i) => tally?.counts[i] ?? 0);

/** Results per option. */
export const shares = (poll: PollView, tally: Tally | undefined): Share[] => sharesOf(counts(poll, tally), tally?.voters ?? 0, isSingle(poll));

/** Why equal counts have different percentages; empty if they have not. */
export const adjustedShares = (poll: PollView, tally: Tally | undefined): string =>
  adjusted(counts(poll, tally), tally?.voters ?? 0, isSingle(poll));
