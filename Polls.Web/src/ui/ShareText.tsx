import type { PollView, Tally } from '../contract/types';
import { count } from '../messages/text';
import { texts } from '../messages/texts';
import { areAdjusted } from './shares';

const common = texts('common');

/** A result as spoken text. */
export const spoken = (votes: number, percent: string): string =>
  percent ? count(common.share, votes, { percent }) : count(common.voters, votes);

/** Why equal counts can show different percentages. */
export const Adjusted = ({ poll, tally }: { poll: PollView; tally: Tally | undefined }) =>
  areAdjusted(poll, tally) ? <p class="adjusted muted">{common.adjusted}</p> : null;
