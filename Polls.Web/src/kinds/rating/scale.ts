import type { PollView, Tally } from '../../contract/types';
import { median, mean } from '../../ui/figures';

export type Look = 'stars' | 'numbers' | 'smileys' | 'nps';

/** The values that can be given, and how they look. */
export interface Scale {
  look: Look;
  min: number;
  max: number;
  lowLabel: string;
  highLabel: string;
}

/** The scale of a rating or of scales. */
export const scaleOf = ({ look = 'stars', min = 1, max = 5, lowLabel, highLabel }: Record<string, unknown>): Scale => ({
  look: look as Look, min: Number(min), max: Number(max), lowLabel: typeof lowLabel === 'string' ? lowLabel : '', highLabel: typeof highLabel === 'string' ? highLabel : '',
});

export const valuesOf = ({ min, max }: Scale): number[] => Array.from({ length: max - min + 1 }, (_, i) => min + i);

/** What is shown of a rating. */
export interface Rating {
  scale: Scale;
  counts: number[];
  voters: number;
  mean: number | undefined;
  median: number | undefined;
  /** Of the look 'nps' with votes: the score from −100 to 100, and the counts of 0 to 6, 7 and 8, 9 and 10. */
  nps?: { score: number; groups: [number, number, number] };
}

export function ratingOf(poll: PollView, tally: Tally | undefined): Rating {
  const scale = scaleOf(poll.settings);
  const counts = valuesOf(scale).map((_, i) => tally?.counts[i] ?? 0);
  const voters = tally?.voters ?? 0;
  return {
    scale, counts, voters, mean: mean(counts, scale.min), median: median(counts, scale.min),
    ...(scale.look === 'nps' && voters > 0 ? { nps: npsOf(counts, voters) } : {}),
  };
}

const sum = (counts: number[]): number => counts.reduce((before, count) => before + count, 0);

/** The net promoter score: the share of promoters without that of detractors, rounded half away from zero. */
function npsOf(counts: number[], voters: number): NonNullable<Rating['nps']> {
  const groups: [number, number, number] = [sum(counts.slice(0, 7)), sum(counts.slice(7, 9)), sum(counts.slice(9))];
  const exact = 100 * (groups[2] - groups[0]);
  const size = Math.floor((2 * Math.abs(exact) + voters) / (2 * voters));
  return { score: exact < 0 ? -size : size, groups };
}
