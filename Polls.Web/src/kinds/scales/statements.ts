import type { PollView, Tally } from '../../contract/types';
import { mean } from '../../ui/figures';
import { scaleOf, valuesOf, type Scale } from '../rating/scale';

/** What is shown of one statement. */
export interface Statement {
  text: string;
  /** How many gave each value, from the lowest. */
  counts: number[];
  /** How many rated this statement: others may have skipped it. */
  n: number;
  mean: number | undefined;
  /** Where the mean lies on the scale, from 0 to 1. */
  at: number;
}

/** Values are unset, and scales look like numbers, unless the poll says otherwise. */
export const scaleOfStatements = ({ settings }: PollView): Scale => scaleOf({ look: 'numbers', ...settings });

export function statementsOf(poll: PollView, tally: Tally | undefined): Statement[] {
  const scale = scaleOfStatements(poll);
  const steps = valuesOf(scale).length;
  return poll.options.map((text, i) => {
    const counts = Array.from({ length: steps }, (_, step) => tally?.counts[i * steps + step] ?? 0);
    const exact = mean(counts, scale.min);
    return { text, counts, n: counts.reduce((sum, count) => sum + count, 0), mean: exact, at: exact === undefined ? 0 : (exact - scale.min) / (scale.max - scale.min) };
  });
}
