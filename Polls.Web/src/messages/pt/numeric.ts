import type { numeric as english } from '../en/numeric';
import type { Like } from '../text';

export const numeric: Like<typeof english> = {
  name: 'Número',
  hint: {
    zero: 'Um número inteiro de {min} a {max}',
    one: 'Um número de {min} a {max}, com até {count} casa decimal',
    many: 'Um número de {min} a {max}, com até {count} de casas decimais',
    other: 'Um número de {min} a {max}, com até {count} casas decimais',
  },
  field: 'Seu número',
  readAs: '= {number}',
  notANumber: 'Isto não é um número.',
  outOfBounds: 'Deve estar entre {min} e {max}.',
  tooManyDecimals: {
    zero: 'Deve ser um número inteiro.',
    one: 'Pode ter até {count} casa decimal.',
    many: 'Pode ter até {count} de casas decimais.',
    other: 'Pode ter até {count} casas decimais.',
  },
  missing: 'Digite um número de {min} a {max}',
  send: 'Enviar meu número',
  median: 'Mediana',
  medianIs: 'Mediana {value}',
  mean: 'Média {value}',
  half: 'A metade central: de {from} a {to}',
  extremes: 'Menor {from}, maior {to}',
  interval: 'Número',
  to: '{from} a {to}',
  min: 'Menor número',
  max: 'Maior número',
  decimals: 'Casas decimais',
  unit: 'Unidade (opcional)',
  unitHint: 'Por exemplo, kg, € ou %.',
  badBound: 'Digite um número de {min} a {max}.',
  notAbove: 'Deve ser maior que o menor número.',
  badUnit: 'A unidade contém caracteres que não podem ser exibidos.',
};
