import { count, fill, list, number, sentences } from '../../messages/text';
import { ranking as t } from '#messages/ranking';
import type { PhoneKind } from '../parts';
import { Answer, hint } from './Answer';
import { averageText, differs, orderIn } from './figures';
import { placesOf } from './order';
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
  spoken: (poll, tally) => {
    const order = orderIn(poll, tally);
    return [
      ...order.ranked.map(({ option, place, average, points }) => sentences(
        fill(t.ranked, { option: poll.options[option]!, place }), averageText(average, points), option === order.winner ? t.wins : '')),
      ...(order.differs ? [differs(poll, order)] : []),
    ];
  },
} satisfies PhoneKind;
