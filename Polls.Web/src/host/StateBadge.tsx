import type { PollStatus } from '../contract/types';
import { texts } from '../messages/texts';
import { Icon, type IconName } from './Icon';

const t = texts('host');
const icons: Record<PollStatus, IconName> = { draft: 'edit', open: 'play', closed: 'stop' };

/** The state of a poll as a word and an icon; the colour is secondary. */
export const StateBadge = ({ state }: { state: PollStatus }) => (
  <span class={`state-badge ${state}`}><Icon name={icons[state]} /> {t[state]}</span>
);
