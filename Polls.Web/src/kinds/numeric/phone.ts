import { fill } from '../../messages/text';
import { numeric as t } from '#messages/numeric';
import type { PhoneKind } from '../parts';
import { Answer } from './Answer';
import { rangeOf } from './range';
import { Result } from './Result';
import { figures, hint, measure, missingText } from './words';

export default {
  atOnce: () => false,
  hint,
  missing: (poll, { number }) => (Number.isNaN(number) ? missingText(rangeOf(poll.settings)) : ''),
  send: t.send,
  Answer,
  Result,
  words: (poll, { number }) => measure(number, rangeOf(poll.settings)),
  spoken: ({ settings }, { numbers = { n: 0 } }) => [fill(t.medianIs, { value: measure(numbers.median, rangeOf(settings)) }), ...figures(numbers, rangeOf(settings))],
} satisfies PhoneKind;
