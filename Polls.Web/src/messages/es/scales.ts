import type { scales as english } from '../en/scales';
import type { Like } from '../text';

export const scales: Like<typeof english> = {
  name: 'Escalas',
  hint: 'Valora cada una de {min} a {max}',
  facts: { one: '{count} afirmación', many: '{count} de afirmaciones', other: '{count} afirmaciones' },
  answers: { one: '{count} respuesta', many: '{count} de respuestas', other: '{count} respuestas' },
  missing: { one: 'Queda {count} sin responder', many: 'Quedan {count} sin responder', other: 'Quedan {count} sin responder' },
  clear: 'Borrar',
  statement: 'Afirmación',
  statements: 'Afirmaciones',
  statementsHint: 'Hasta diez afirmaciones, todas en la misma escala. Intro lleva a la siguiente.',
  maySkip: 'Se pueden saltar afirmaciones',
  averageColumn: 'Media',
};
