/** What stands beside a count: '33 %', '<1 %', '>99 %', or nothing while nobody has voted. */
export interface Percentage {
  /** An integer from 0 to 100. */
  value: number;
  /** '<': some votes, but rounded to 0; '>': not all votes, but rounded to 100. Then the number beside it is 1 or 99. */
  bound: '' | '<' | '>';
}

/**
 * The percentages of counts among this many voters; none if nobody has voted. Parts of a whole, as in a single choice,
 * are rounded by the largest remainder, so that they add up to 100; of equal remainders the lower index gains. Shares
 * that are independent of each other are rounded half up, each for itself.
 */
export function percentages(counts: readonly number[], voters: number, areParts: boolean): Percentage[] | undefined {
  if (voters === 0) return undefined;
  const values = counts.map((count) => areParts ? Math.floor((100 * count) / voters) : Math.floor((200 * count + voters) / (2 * voters)));
  if (areParts) {
    const remainder = (i: number): number => (100 * counts[i]!) % voters;
    const missing = 100 - values.reduce((sum, value) => sum + value, 0);
    const gaining = counts.map((_, i) => i).sort((a, b) => remainder(b) - remainder(a) || a - b).slice(0, Math.max(0, missing));
    for (const i of gaining) values[i]!++;
  }

  return values.map((value, i) =>
    counts[i]! > 0 && value === 0 ? { value: 1, bound: '<' }
    : counts[i]! < voters && value === 100 ? { value: 99, bound: '>' }
    : { value, bound: '' });
}

/** Whether equal counts have different percentages, which needs a reason that can be read. */
export const differ = (counts: readonly number[], shown: readonly Percentage[]): boolean =>
  counts.some((count, i) => {
    const [one, first] = [shown[i]!, shown[counts.indexOf(count)]!];
    return one.value !== first.value || one.bound !== first.bound;
  });
