import type { Answer } from '../contract/types';

const members = ['choices', 'value', 'values', 'ranking', 'points', 'number', 'texts'] as const;

/** Only what was answered, without what surrounds it in a receipt or vote. */
export const answerOf = (from: Answer): Answer =>
  Object.fromEntries(members.flatMap((member) => from[member] === undefined ? [] : [[member, from[member]]]));

/** Whether there is no answer: never given, or withdrawn. */
export const isNone = (answer: Answer): boolean => members.every((member) => answer[member] === undefined || (Array.isArray(answer[member]) && answer[member].length === 0));

/**
 * Words that the server counts as one: it cleans them, and keeps one of each (docs/kinds.md). Coarser than the server's
 * rule only where that makes no difference between two answers of one person.
 */
const wordOf = (text: string): string => text.normalize('NFKC').toUpperCase().toLowerCase().replace(/ß/g, 'ss').replace(/[\p{Cf}\uFE0E\uFE0F]/gu, '')
  .replace(/\s+/gu, ' ').replace(/^[\s\p{Ps}\p{Pe}\p{Pi}\p{Pf}"'.,;:!?…¿¡]+|[\s\p{Ps}\p{Pe}\p{Pi}\p{Pf}"'.,;:!?…¿¡]+$/gu, '') || text.trim();

const comparable = (answer: Answer): string =>
  JSON.stringify(answer.texts ? [...new Set(answer.texts.map(wordOf))].sort() : answerOf(answer));

export const isSame = (one: Answer, other: Answer): boolean =>
  (isNone(one) && isNone(other)) || comparable(one) === comparable(other);
