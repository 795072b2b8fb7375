import { numeric as t } from '#messages/numeric';
import type { PhoneKind } from '../parts';
import { Answer } from './Answer';
import { plain } from './plain';
import { rangeOf } from './range';
import { Result } from './Result';
import { hint, measure, missingText } from './words';

export default {
  atOnce: () => false,
  hint,
  missing: (poll, { number }) => (Number.isNaN(number) ? missingText(rangeOf(poll.settings)) : ''),
  send: t.send,
  Answer,
  Result,
  words: (poll, { number }) => measure(number, rangeOf(poll.settings)),
  plain,
} satisfies PhoneKind;
