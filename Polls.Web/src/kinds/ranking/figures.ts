import { count, decimal, fill, sentences } from '../../messages/text';
import { ranking as t } from '#messages/ranking';
import type { PollView, Tally } from '../../contract/types';
import { orderOf, placesOf, type Order } from './order';

/** The result of a poll, and how many points its first place gives. */
export function orderIn(poll: PollView, tally: Tally | undefined): Order & { most: number } {
  const { most } = placesOf(poll);
  return { ...orderOf(poll.options.length, most, tally?.counts ?? [], tally?.voters ?? 0), most };
}

export const averageText = (average: number | undefined, points: number): string =>
  sentences(average === undefined ? '' : fill(t.average, { value: decimal(average) }), count(t.points, points));

/** Says that the points and the direct comparisons have different winners. */
export const differs = (poll: PollView, { winner }: Order): string => fill(t.differs, { option: poll.options[winner!]! });

export const explain = (most: number): string => fill(t.explain, { most });
