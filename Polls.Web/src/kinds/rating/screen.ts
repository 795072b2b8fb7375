import type { ScreenKind } from '../parts';
import { adjustedRating } from './adjusted';
import { Chart } from './Chart';
import { ratingOf } from './scale';

export default {
  Chart,
  under: (poll, tally) => adjustedRating(ratingOf(poll, tally)),
} satisfies ScreenKind;
