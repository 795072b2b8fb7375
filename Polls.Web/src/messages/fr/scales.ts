import type { scales as english } from '../en/scales';
import type { Like } from '../text';

export const scales: Like<typeof english> = {
  name: 'Échelles',
  hint: 'Notez chacune de {min} à {max}',
  facts: { one: '{count} affirmation', many: '{count} d’affirmations', other: '{count} affirmations' },
  answers: { one: '{count} réponse', many: '{count} de réponses', other: '{count} réponses' },
  missing: { one: '{count} reste sans réponse', many: '{count} restent sans réponse', other: '{count} restent sans réponse' },
  clear: 'Effacer',
  statement: 'Affirmation',
  statements: 'Affirmations',
  statementsHint: 'Jusqu’à dix affirmations, toutes sur la même échelle. Entrée mène à la suivante.',
  maySkip: 'On peut passer des affirmations',
  averageColumn: 'Moyenne',
};
