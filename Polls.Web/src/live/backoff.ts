/**
 * How long to wait before the next attempt: doubling from half a second to at most fifteen, spread over the upper half
 * of that, so that a hall of phones that lost its server does not come back all at once.
 */
export function backoff(attempt: number): number {
  const longest = Math.min(15_000, 500 * 2 ** Math.min(attempt, 5));
  return longest * (0.5 + Math.random() / 2);
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Rejects when the work takes longer; the work itself goes on. */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer = 0;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), ms);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
