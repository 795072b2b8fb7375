/** Figures of integers that are given as counts: counts[i] of the value min + i. Exact, because they are fractions. */

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** The mean, rounded to one decimal, half away from zero; undefined without any value. */
export function mean(counts: readonly number[], min: number): number | undefined {
  const n = total(counts);
  const sum = counts.reduce((before, count, i) => before + count * (min + i), 0);
  return n === 0 ? undefined : Math.floor((20 * sum + n) / (2 * n)) / 10;
}

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
