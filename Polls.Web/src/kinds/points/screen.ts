import { sentences } from '../../messages/text';
import { points as t } from '#messages/points';
import type { ScreenKind } from '../parts';
import { Chart } from './Chart';
import { adjustedPoints } from './figures';
import { plain } from './plain';

export default {
  Chart,
  under: (poll, tally) => {
    const why = adjustedPoints(poll, tally);
    return why ? sentences(t.explain, why) : t.explain;
  },
  plain,
} satisfies ScreenKind;
