/** What a person can give. */
export interface Budget {
  points: number;
  /** Each option gets a multiple of it. */
  step: number;
  /** Whether all points must be given. */
  spendAll: boolean;
}

export function budgetOf({ points, step, spendAll }: Record<string, unknown>): Budget {
  const all = points === undefined ? 100 : Number(points);
  return { points: all, step: Number(step) || (all % 5 === 0 ? 5 : 1), spendAll: spendAll !== false };
}

export const sumOf = (given: readonly number[]): number => given.reduce((sum, points) => sum + points, 0);

/** All points, as equally as the step allows; the first options get what remains. */
export function split(options: number, { points, step }: Budget): number[] {
  const steps = points / step;
  return Array.from({ length: options }, (_, i) => step * (Math.floor(steps / options) + (i < steps % options ? 1 : 0)));
}

/** What is shown of points, computed from the cells of a tally: the points of each option, then how many gave it any. */
export interface Given {
  points: number[];
  supporters: number[];
  total: number;
}

export function givenOf(options: number, cells: readonly number[]): Given {
  const at = (first: number): number[] => Array.from({ length: options }, (_, i) => cells[first + i] ?? 0);
  return { points: at(0), supporters: at(options), total: sumOf(at(0)) };
}
