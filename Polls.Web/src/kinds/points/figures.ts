import { count, decimal, fill, sentences } from '../../messages/text';
import { points as t } from '#messages/points';
import type { PollView, Tally } from '../../contract/types';
import { average } from '../../ui/figures';
import { adjusted, sharesOf, type Share } from '../../ui/shares';
import { givenOf } from './budget';

/** What is shown of an option: its share of all points, and who gave them. */
export interface OptionPoints extends Share {
  /** As '23.4 on average' and 'from 5 people'; empty while nobody has voted. */
  facts: string[];
  /** Points per voter; undefined while nobody has voted. */
  mean: number | undefined;
  /** How many gave it any. */
  supporters: number;
}

/** The options' results, in their order. */
export function pointsOf(poll: PollView, tally: Tally | undefined): OptionPoints[] {
  const { points, supporters, total } = givenOf(poll.options.length, tally?.counts ?? []);
  return sharesOf(points, total, true).map((share, i) => {
    const mean = average(share.count, tally?.voters ?? 0);
    return { ...share, mean, supporters: supporters[i]!, facts: mean === undefined ? [] : [fill(t.average, { value: decimal(mean) }), count(t.supporters, supporters[i]!)] };
  });
}

/** Why equal points show different shares; empty if they do not. */
export function adjustedPoints(poll: PollView, tally: Tally | undefined): string {
  const { points, total } = givenOf(poll.options.length, tally?.counts ?? []);
  return adjusted(points, total, true);
}

/** A result as spoken text. */
export const spokenPoints = ({ count: points, percent, facts }: OptionPoints): string =>
  sentences(percent ? count(t.share, points, { percent }) : count(t.count, points), ...facts);
