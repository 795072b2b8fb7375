import type { Answer } from '../contract/types';

const members = ['choices', 'value', 'values', 'ranking', 'points', 'number', 'texts'] as const;

/** Only what was answered, without what surrounds it in a receipt or vote. */
export const answerOf = (from: Answer): Answer =>
  Object.fromEntries(members.flatMap((member) => from[member] === undefined ? [] : [[member, from[member]]]));

/** Whether there is no answer: never given, or withdrawn. */
export const isNone = (answer: Answer): boolean => members.every((member) => answer[member] === undefined || (Array.isArray(answer[member]) && answer[member].length === 0));

/**
 * A word as people see it. The server leaves out invisible characters where they join nothing (docs/kinds.md), so none
 * counts here; but those of a flag make it another one.
 */
const seen = (text: string): string =>
  text.replace(/(?![\u{E0020}-\u{E007F}])[\p{DI}\u2800\uFFFC\u{1D159}]/gu, '').replace(/\s+/gu, ' ').trim();

// Elsewhere a dotless i is another letter than i.
const fold = (word: string): string => word.split('ı').map((part) => part.toUpperCase().toLowerCase()).join('ı').replace(/ß/g, 'ss').replace(/ς/g, 'σ');

/** What spellings of the same word have in common, as on the server (docs/kinds.md). One point before a letter stays. */
export function keyOf(word: string): string {
  const folded = fold(word.normalize('NFKC').replace(/İ/g, 'i'));
  const inner = folded
    .replace(/[\s\p{Ps}\p{Pe}\p{Pi}\p{Pf}"'`.,;:!?…¿¡]+$/u, '')
    .replace(/^[\s\p{Ps}\p{Pe}\p{Pi}\p{Pf}"'`.,;:!?…¿¡]+/u, (run, at: number, text: string) => (/(^|[^.])\.$/.test(run) && /^\p{L}/u.test(text.slice(at + run.length)) ? '.' : ''));
  return (inner || folded.trim()).replace(/[\u180B-\u180D\u180F\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/gu, '');
}

/** The words without repetitions, which the server drops: where this drops more, it does so in both answers compared. */
const different = (words: string[]): string[] => words.filter((word, i) => words.findIndex((other) => keyOf(other) === keyOf(word)) === i);

const comparable = (answer: Answer): string => JSON.stringify(answer.texts ? different(answer.texts.map(seen)) : answerOf(answer));

/** Whether the server would keep both as the same answer. Spellings count: they are what others read. */
export const isSame = (one: Answer, other: Answer): boolean =>
  (isNone(one) && isNone(other)) || comparable(one) === comparable(other);
