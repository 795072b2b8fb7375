import { sentences } from '../../messages/text';
import { points as t } from '#messages/points';
import { texts } from '../../messages/texts';
import type { ScreenKind } from '../parts';
import { Chart } from './Chart';
import { isAdjusted } from './figures';

const common = texts('common');

export default {
  Chart,
  under: (poll, tally) => isAdjusted(poll, tally) ? sentences(t.explain, common.adjusted) : t.explain,
} satisfies ScreenKind;
