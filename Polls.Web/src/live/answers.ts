import type { Answer } from '../contract/types';

const members = ['choices', 'value', 'values', 'ranking', 'points', 'number', 'texts'] as const;

/** Only what was answered, without what surrounds it in a receipt or vote. */
export const answerOf = (from: Answer): Answer =>
  Object.fromEntries(members.flatMap((member) => from[member] === undefined ? [] : [[member, from[member]]]));

/** Whether there is no answer: never given, or withdrawn. */
export const isNone = (answer: Answer): boolean => members.every((member) => answer[member] === undefined || (member === 'choices' && answer.choices!.length === 0));

export const isSame = (one: Answer, other: Answer): boolean =>
  (isNone(one) && isNone(other)) || JSON.stringify(answerOf(one)) === JSON.stringify(answerOf(other));
