import { count, percent } from '../messages/text';
import { texts } from '../messages/texts';
import { differ, percentages } from './percentages';

const common = texts('common');

export interface Share {
  count: number;
  /** Share of voters, 0 to 1, for bars. With several choices the shares may add up to more than 1. */
  share: number;
  /** The share as text, such as '33 %' or '<1 %'; empty while nobody has voted. */
  percent: string;
  /** None has more, and it has at least one vote. */
  leads: boolean;
}

/** Counts among this many voters, which are parts of a whole or independent of each other. */
export function sharesOf(counts: readonly number[], voters: number, areParts: boolean): Share[] {
  const shown = percentages(counts, voters, areParts);
  const most = Math.max(0, ...counts);
  return counts.map((count, i) => ({
    count, share: voters > 0 ? count / voters : 0, leads: count > 0 && count === most,
    percent: shown ? shown[i]!.bound + percent(shown[i]!.value / 100) : '',
  }));
}

/** Of how many people independent shares are; empty while nobody has voted. */
export const ofPeople = (voters: number): string => (voters > 0 ? count(common.ofPeople, voters) : '');

/** Why equal counts show different percentages; empty if they do not. */
export function adjusted(counts: readonly number[], voters: number, areParts: boolean): string {
  const shown = percentages(counts, voters, areParts);
  return shown && differ(counts, shown) ? common.adjusted : '';
}
