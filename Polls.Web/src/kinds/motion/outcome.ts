export type Base = 'yesNo' | 'yesNoAbstain' | 'entitled';
export type Majority = 'simple' | 'twoThirds' | 'threeQuarters';

/** By what a motion is decided. */
export interface Rule {
  base: Base;
  majority: Majority;
  /** The least number of voters; undefined for none. */
  quorum: number | undefined;
  /** Frozen when the poll opens; undefined before. */
  entitled: number | undefined;
}

/** What the votes have decided. */
export interface Decision {
  outcome: 'adopted' | 'rejected' | 'noResult' | 'notQuorate';
  /** What the yes votes are compared with. */
  total: number;
  /** The least number of yes votes that adopts the motion. */
  needed: number;
}

/** The least number of yes votes out of this total: more than half, at least two thirds, or at least three quarters. */
export const neededOf = (majority: Majority, total: number): number => ({
  simple: Math.floor(total / 2) + 1, twoThirds: Math.ceil((2 * total) / 3), threeQuarters: Math.ceil((3 * total) / 4),
})[majority];

/** The decision of these votes: yes, no and abstentions. Too few voters decide nothing, whatever the votes are. */
export function decide({ base, majority, quorum = 0, entitled = 0 }: Rule, [yes = 0, no = 0, abstain = 0]: readonly number[], voters: number): Decision {
  const total = { yesNo: yes + no, yesNoAbstain: yes + no + abstain, entitled }[base];
  const needed = neededOf(majority, total);
  return { outcome: voters < quorum ? 'notQuorate' : total === 0 ? 'noResult' : yes >= needed ? 'adopted' : 'rejected', total, needed };
}
