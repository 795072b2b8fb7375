import type { scales as english } from '../en/scales';
import type { Like } from '../text';

export const scales: Like<typeof english> = {
  name: 'Escalas',
  hint: 'Avalie cada uma de {min} a {max}',
  facts: { one: '{count} afirmação', many: '{count} de afirmações', other: '{count} afirmações' },
  answers: { one: '{count} resposta', many: '{count} de respostas', other: '{count} respostas' },
  missing: { one: 'Falta responder {count}', many: 'Faltam responder {count}', other: 'Faltam responder {count}' },
  clear: 'Limpar',
  statement: 'Afirmação',
  statements: 'Afirmações',
  statementsHint: 'Até dez afirmações, todas na mesma escala. Enter leva à seguinte.',
  maySkip: 'É possível pular afirmações',
  averageColumn: 'Média',
};
