import { list } from '../../messages/text';
import { wordCloud as t } from '#messages/wordCloud';
import type { PhoneKind } from '../parts';
import { Answer, hint } from './Answer';
import { plain } from './plain';
import { Result } from './Result';
import { isBad } from './words';

export default {
  atOnce: () => false,
  hint,
  send: t.send,
  missing: (_, { texts = [] }) => (texts.some(isBad) ? t.badWord : ''),
  Answer,
  Result,
  words: (_, { texts = [] }) => list(texts),
  plain,
} satisfies PhoneKind;
