/**
 * Data of a room in the device's local storage: identity and unacknowledged votes. If storage is blocked, everything
 * works until the page is closed.
 */
const memory = new Map<string, string>();

/** The storage key. */
export const storageKey = (key: string): string => `polls.${key}`;

export function recall<T>(key: string): T | undefined {
  let text: string | null | undefined;
  try {
    text = localStorage.getItem(storageKey(key));
  } catch {
    text = memory.get(key);
  }

  try {
    return text ? (JSON.parse(text) as T) : undefined;
  } catch {
    return undefined;
  }
}

export function remember(key: string, value: unknown): void {
  const text = JSON.stringify(value);
  memory.set(key, text);
  try {
    localStorage.setItem(storageKey(key), text);
  } catch {
    // Full or forbidden: use the copy in memory.
  }
}

export function forget(key: string): void {
  memory.delete(key);
  try {
    localStorage.removeItem(storageKey(key));
  } catch {
    // Then nothing was stored.
  }
}
