import { count, fill, list } from '../../messages/text';
import { points as t } from '#messages/points';
import type { PhoneKind } from '../parts';
import { Answer, hint } from './Answer';
import { budgetOf, sumOf } from './budget';
import { plain } from './plain';
import { Result } from './Result';

export default {
  atOnce: () => false,
  hint,
  missing: ({ settings }, { points: given = [] }) => {
    const { points, step, spendAll } = budgetOf(settings);
    const left = points - sumOf(given);
    return left < 0 ? count(t.over, -left) : given.some((some) => some % step !== 0) ? fill(t.onlySteps, { step }) : spendAll && left > 0 ? count(t.left, left) : '';
  },
  send: t.send,
  Answer,
  Result,
  words: ({ options }, { points: given = [] }) => list(given.flatMap((some, i) => some > 0 ? [`${options[i]}: ${count(t.count, some)}`] : [])),
  plain,
} satisfies PhoneKind;
