import type { scales as english } from '../en/scales';
import type { Like } from '../text';

export const scales: Like<typeof english> = {
  name: 'Skalen',
  hint: 'Jede Aussage von {min} bis {max} bewerten',
  facts: { one: '{count} Aussage', other: '{count} Aussagen' },
  answers: { one: '{count} Antwort', other: '{count} Antworten' },
  missing: { one: '{count} ist noch offen', other: '{count} sind noch offen' },
  clear: 'Leeren',
  statement: 'Aussage',
  statements: 'Aussagen',
  statementsHint: 'Bis zu zehn Aussagen, alle auf derselben Skala. Die Eingabetaste führt zur nächsten.',
  maySkip: 'Aussagen dürfen ausgelassen werden',
  averageColumn: 'Durchschnitt',
};
