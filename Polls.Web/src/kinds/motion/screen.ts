import { adjusted } from '../../ui/shares';
import type { ScreenKind } from '../parts';
import { Chart } from './Chart';
import { plain } from './plain';

export default {
  Chart,
  under: (_, tally) => tally ? adjusted(tally.counts, tally.voters, true) : '',
  plain,
} satisfies ScreenKind;
