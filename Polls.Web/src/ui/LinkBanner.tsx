import { useSignal, useSignalEffect } from '@preact/signals';
import type { Room } from '../live/room';
import { texts } from '../messages/texts';
import { announce } from './announce';
import { Icon } from './Icon';

const common = texts('common');

/** Shows a lost connection after a moment, and its return. Takes no space in the layout. */
export function LinkBanner({ room }: { room: Room }) {
  const lost = useSignal(false);
  useSignalEffect(() => {
    const broken = room.link.value === 'broken';
    if (!broken) {
      if (lost.peek()) announce(common.connectionBack);
      lost.value = false;
      return;
    }

    const timer = setTimeout(() => {
      lost.value = true;
      announce(common.connectionLost);
    }, 800);
    return () => clearTimeout(timer);
  });
  return lost.value ? <p class="banner"><Icon name="offline" /> {common.connectionLost}</p> : null;
}
