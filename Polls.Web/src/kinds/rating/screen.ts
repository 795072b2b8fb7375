import type { ScreenKind } from '../parts';
import { Chart } from './Chart';
import { adjusted, ratingOf } from './scale';

export default {
  Chart,
  under: (poll, tally) => adjusted(ratingOf(poll, tally)),
} satisfies ScreenKind;
