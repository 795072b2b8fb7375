import { adjusted } from '../../ui/shares';
import type { Rating } from './scale';

/** Why equal counts, of values or groups, show different percentages; empty if none do. */
export const adjustedRating = ({ counts, voters, nps }: Rating): string =>
  adjusted(counts, voters, true) || (nps ? adjusted(nps.groups, voters, true) : '');
