import { adjusted } from '../../ui/shares';
import type { ScreenKind } from '../parts';
import { Chart } from './Chart';

export default {
  Chart,
  under: (_, tally) => tally ? adjusted(tally.counts, tally.voters, true) : '',
} satisfies ScreenKind;
