import type { PollView, Tally } from '../contract/types';
import { percent } from '../messages/text';
import { differ, percentages } from './percentages';

export interface Share {
  count: number;
  /** Share of voters, 0 to 1, for bars. With several choices the shares may add up to more than 1. */
  share: number;
  /** The share as text, such as '33 %' or '<1 %'; empty while nobody has voted. */
  percent: string;
  /** No option has more, and at least one has votes. */
  leads: boolean;
}

/** Results per option. */
export function shares(poll: PollView, tally: Tally | undefined): Share[] {
  const { counts, voters, shown } = read(poll, tally);
  const most = Math.max(0, ...counts);
  return counts.map((count, i) => ({
    count, share: voters > 0 ? count / voters : 0, leads: count > 0 && count === most,
    percent: shown ? shown[i]!.bound + percent(shown[i]!.value / 100) : '',
  }));
}

/** Whether options with equal counts show different percentages. */
export function areAdjusted(poll: PollView, tally: Tally | undefined): boolean {
  const { counts, shown } = read(poll, tally);
  return shown !== undefined && differ(counts, shown);
}

function read(poll: PollView, tally: Tally | undefined) {
  const counts = poll.options.map((_, i) => tally?.counts[i] ?? 0);
  const voters = tally?.voters ?? 0;
  return { counts, voters, shown: percentages(counts, voters, poll.kind === 'singleChoice') };
}

/** The letter of an option: A to T. */
export const letter = (option: number): string => String.fromCharCode(65 + option);
