/** Words as people type them. The server's rule is in docs/kinds.md; this one tells people before they send. */

/** Without white space around it and runs of it inside, and without invisible characters that join nothing. */
export const clean = (text: string): string => text.replace(/[\u200B\u2060\uFEFF\u00AD]/g, '').replace(/\s+/gu, ' ').trim();

/** Whether the server would refuse it: controls, bidirectional overrides, marks at the start or too many in a row. */
export const isBad = (word: string): boolean => /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]|^\p{M}|\p{M}{9}/u.test(word) || word.length > mostUnits;

const mostUnits = 120;

/** The beginning of a text with this many characters as people see them. */
export function cutTo(text: string, graphemes: number): string {
  if (text.length <= graphemes) return text;
  const seen = 'Segmenter' in Intl ? [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment) : [...text];
  return seen.length <= graphemes ? text : seen.slice(0, graphemes).join('');
}

export const limitsOf = ({ maxAnswers, maxLength }: Record<string, unknown>): { words: number; length: number } =>
  ({ words: Number(maxAnswers ?? 3), length: Number(maxLength ?? 30) });
