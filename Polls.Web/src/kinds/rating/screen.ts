import type { ScreenKind } from '../parts';
import { adjustedRating } from './adjusted';
import { Chart } from './Chart';
import { plain } from './plain';
import { ratingOf } from './scale';

export default {
  Chart,
  under: (poll, tally) => adjustedRating(ratingOf(poll, tally)),
  plain,
} satisfies ScreenKind;
