import type { PollView, Tally } from '../contract/types';
import { count, number } from '../messages/text';
import { texts } from '../messages/texts';
import { areAdjusted } from './shares';

const common = texts('common');

/** A result as spoken text. */
export const spoken = (votes: number, percent: string): string =>
  percent ? count(common.share, votes, { percent }) : count(common.voters, votes);

/** The same with the option's name. */
export const spokenOption = (option: string, votes: number, percent: string): string =>
  percent ? count(common.optionResult, votes, { option, percent }) : `${option}: ${number(votes)}`;

/** Why equal counts can show different percentages. */
export const Adjusted = ({ poll, tally }: { poll: PollView; tally: Tally | undefined }) =>
  areAdjusted(poll, tally) ? <p class="adjusted muted">{common.adjusted}</p> : null;
