import { texts } from '../../messages/texts';
import { areAdjusted } from '../../ui/shares';
import type { Rating } from './scale';

const common = texts('common');

/** Why equal counts, of values or groups, show different percentages; empty if none do. */
export const adjusted = ({ counts, voters, nps }: Rating): string =>
  areAdjusted(counts, voters, true) || (nps && areAdjusted(nps.groups, voters, true)) ? common.adjusted : '';
