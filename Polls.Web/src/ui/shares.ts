import type { PollView, Tally } from '../contract/types';

export interface Share {
  count: number;
  /** Share of voters, 0 to 1. With several choices the shares may add up to more than 1. */
  share: number;
  /** No option has more, and at least one has votes. */
  leads: boolean;
}

/** Results per option. */
export function shares(poll: PollView, tally: Tally | undefined): Share[] {
  const most = Math.max(0, ...(tally?.counts ?? []));
  return poll.options.map((_, i) => {
    const count = tally?.counts[i] ?? 0;
    return { count, share: tally && tally.voters > 0 ? count / tally.voters : 0, leads: count > 0 && count === most };
  });
}

/** The letter of an option: A to T. */
export const letter = (option: number): string => String.fromCharCode(65 + option);
