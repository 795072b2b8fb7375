/** Figures of integers that are given as counts: counts[i] of the value min + i. Exact, because they are fractions. */

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** A sum that is not negative shared by n, rounded to one decimal, half away from zero; undefined if n is 0. */
export const average = (sum: number, n: number): number | undefined => n === 0 ? undefined : Math.floor((20 * sum + n) / (2 * n)) / 10;

/** The mean, rounded to one decimal; undefined without any value. */
export const mean = (counts: readonly number[], min: number): number | undefined =>
  average(counts.reduce((before, count, i) => before + count * (min + i), 0), total(counts));

/** The median: of an even number of values, the mean of the two in the middle; undefined without any value. */
export function median(counts: readonly number[], min: number): number | undefined {
  const n = total(counts);
  if (n === 0) return undefined;
  const at = (place: number): number => {
    let before = 0;
    return min + counts.findIndex((count) => (before += count) > place);
  };
  return (at(Math.floor((n - 1) / 2)) + at(Math.floor(n / 2))) / 2;
}
