import type { PollView, Tally } from '../../contract/types';
import { adjusted, ofPeople, sharesOf, type Share } from '../../ui/shares';

const isSingle = ({ kind }: PollView): boolean => kind === 'singleChoice';
const counts = (poll: PollView, tally: Tally | undefined): number[] => poll.options.map((_, i) => tally?.counts[i] ?? 0);

/** Results per option. */
export const shares = (poll: PollView, tally: Tally | undefined): Share[] => sharesOf(counts(poll, tally), tally?.voters ?? 0, isSingle(poll));

/** What explains the percentages: of several choices, of how many people they are; why equal counts have different ones. */
export const about = (poll: PollView, tally: Tally | undefined): string =>
  isSingle(poll) ? adjusted(counts(poll, tally), tally?.voters ?? 0, true) : ofPeople(tally?.voters ?? 0);
