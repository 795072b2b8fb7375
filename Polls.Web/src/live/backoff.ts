/**
 * Time before the next attempt: doubles from 0.5 s to at most 15 s, with jitter over the upper half, so that a hall of
 * phones does not reconnect all at once.
 */
export function backoff(attempt: number): number {
  const longest = Math.min(15_000, 500 * 2 ** Math.min(attempt, 5));
  return longest * (0.5 + Math.random() / 2);
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const cameOnline = (): Promise<void> => new Promise((resolve) => addEventListener('online', () => resolve(), { once: true }));

/** Rejects if the work takes longer; the work itself continues. */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer = 0;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), ms);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
