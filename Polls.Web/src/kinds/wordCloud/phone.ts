import { count, list, sentences } from '../../messages/text';
import { wordCloud as t } from '#messages/wordCloud';
import type { PhoneKind } from '../parts';
import { Answer, hint } from './Answer';
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
  spoken: (_, { entries }) => (entries?.items ?? []).slice(0, 10).map(({ text, count: people }) => sentences(text, count(t.people, people))),
} satisfies PhoneKind;
