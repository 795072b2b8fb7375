import { count } from '../messages/text';
import { texts } from '../messages/texts';

const common = texts('common');

/** A result as spoken text. */
export const spoken = (votes: number, percent: string): string =>
  percent ? count(common.share, votes, { percent }) : count(common.voters, votes);
