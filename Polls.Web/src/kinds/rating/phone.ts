import { sentences } from '../../messages/text';
import { sharesOf } from '../../ui/shares';
import { spoken } from '../../ui/spoken';
import type { PhoneKind } from '../parts';
import { Answer } from './Answer';
import { figures } from './Figures';
import { hint } from './hint';
import { Result } from './Result';
import { ratingOf, scaleOf, valuesOf } from './scale';
import { valueText } from './Values';

export default {
  atOnce: () => true,
  hint,
  Answer,
  Result,
  words: (poll, { value }) => valueText(scaleOf(poll.settings), value!),
  spoken: (poll, tally) => {
    const rating = ratingOf(poll, tally);
    const shares = sharesOf(rating.counts, rating.voters, true);
    return [...figures(rating), ...valuesOf(rating.scale).map((value, i) => sentences(valueText(rating.scale, value), spoken(rating.counts[i]!, shares[i]!.percent)))];
  },
} satisfies PhoneKind;
