import { count, list, number } from '../../messages/text';
import { ranking as t } from '#messages/ranking';
import type { PhoneKind } from '../parts';
import { Answer, hint } from './Answer';
import { placesOf } from './order';
import { plain } from './plain';
import { Result } from './Result';

export default {
  atOnce: () => false,
  hint,
  missing: (poll, { ranking = [] }) => {
    const { least } = placesOf(poll);
    return ranking.length < least ? count(t.missing, least - ranking.length) : '';
  },
  send: t.send,
  Answer,
  Result,
  words: ({ options }, { ranking = [] }) => list(ranking.map((option, at) => `${number(at + 1)}. ${options[option]}`)),
  plain,
} satisfies PhoneKind;
