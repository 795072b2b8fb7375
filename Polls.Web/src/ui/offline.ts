import type { Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { texts } from '../messages/texts';

const common = texts('common');

/**
 * Clears the error 'no connection' when the connection is back, as the browser or the page's own connection tells, and
 * repeats what the page does by itself.
 */
export function useBackOnline(error: Signal<string>, isLive = false, again: () => void = () => undefined): void {
  useEffect(() => {
    const goOn = (): void => {
      if (error.peek() !== common.offline) return;
      error.value = '';
      again();
    };
    if (isLive) goOn();
    addEventListener('online', goOn);
    return () => removeEventListener('online', goOn);
  }, [isLive]);
}
