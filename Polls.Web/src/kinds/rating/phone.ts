import type { PhoneKind } from '../parts';
import { Answer } from './Answer';
import { hint } from './hint';
import { plain } from './plain';
import { Result } from './Result';
import { scaleOf } from './scale';
import { valueText } from './Values';

export default {
  atOnce: () => true,
  hint,
  Answer,
  Result,
  words: (poll, { value }) => valueText(scaleOf(poll.settings), value!),
  plain,
} satisfies PhoneKind;
