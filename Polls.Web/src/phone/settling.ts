import { useEffect, useState } from 'preact/hooks';

const momentMs = 400;

/**
 * Whether what can be tapped has just moved: a poll that comes or goes pushes the others to where a finger is about to
 * land, and that tap was meant for something else.
 */
export function useSettling(shown: string): boolean {
  const [settled, setSettled] = useState(shown);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(shown), momentMs);
    return () => clearTimeout(timer);
  }, [shown]);
  return shown !== settled && shown !== '' && settled !== '';
}
