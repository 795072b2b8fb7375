import { useEffect, useState } from 'preact/hooks';

const momentMs = 400;

/**
 * Whether tappable elements have just moved: a poll that appears or disappears moves the others under the user's
 * finger, and the tap was meant for something else.
 */
export function useSettling(shown: string): boolean {
  const [settled, setSettled] = useState(shown);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(shown), momentMs);
    return () => clearTimeout(timer);
  }, [shown]);
  return shown !== settled && shown !== '' && settled !== '';
}
