import { texts } from '../../messages/texts';
import { areAdjusted } from '../../ui/shares';
import type { ScreenKind } from '../parts';
import { Chart } from './Chart';

const common = texts('common');

export default {
  Chart,
  under: (_, tally) => tally && areAdjusted(tally.counts, tally.voters, true) ? common.adjusted : '',
} satisfies ScreenKind;
