import type { ScreenKind } from '../parts';
import { adjusted } from './adjusted';
import { Chart } from './Chart';
import { ratingOf } from './scale';

export default {
  Chart,
  under: (poll, tally) => adjusted(ratingOf(poll, tally)),
} satisfies ScreenKind;
