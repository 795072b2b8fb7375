import type { Plural } from '../text';

/** Texts of scales. */
export const scales = {
  name: 'Scales',
  hint: 'Rate each from {min} to {max}',
  facts: { one: '{count} statement', other: '{count} statements' } as Plural,
  answers: { one: '{count} answer', other: '{count} answers' } as Plural,
  missing: { one: '{count} is still unanswered', other: '{count} are still unanswered' } as Plural,
  clear: 'Clear',
  statement: 'Statement',
  statements: 'Statements',
  statementsHint: 'Up to ten statements, all rated on the same scale. Press Enter for the next one.',
  maySkip: 'People may skip statements',
  averageColumn: 'Average',
};
