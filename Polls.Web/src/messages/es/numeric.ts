import type { numeric as english } from '../en/numeric';
import type { Like } from '../text';

export const numeric: Like<typeof english> = {
  name: 'Número',
  hint: {
    zero: 'Un número entero de {min} a {max}',
    one: 'Un número de {min} a {max}, con {count} decimal como máximo',
    many: 'Un número de {min} a {max}, con {count} de decimales como máximo',
    other: 'Un número de {min} a {max}, con {count} decimales como máximo',
  },
  field: 'Tu número',
  readAs: '= {number}',
  notANumber: 'No es un número.',
  outOfBounds: 'Debe estar entre {min} y {max}.',
  tooManyDecimals: {
    zero: 'Debe ser un número entero.',
    one: 'Puede tener {count} decimal como máximo.',
    many: 'Puede tener {count} de decimales como máximo.',
    other: 'Puede tener {count} decimales como máximo.',
  },
  missing: 'Escribe un número de {min} a {max}',
  send: 'Enviar mi número',
  median: 'Mediana',
  medianIs: 'Mediana {value}',
  mean: 'Media {value}',
  half: 'La mitad central: de {from} a {to}',
  extremes: 'Mínimo {from}, máximo {to}',
  interval: 'Número',
  to: '{from} a {to}',
  min: 'Número más bajo',
  max: 'Número más alto',
  decimals: 'Decimales',
  unit: 'Unidad (opcional)',
  unitHint: 'Por ejemplo, kg, € o %.',
  badBound: 'Escribe un número de {min} a {max}.',
  notAbove: 'Debe ser mayor que el número más bajo.',
  badUnit: 'La unidad contiene caracteres que no se pueden mostrar.',
};
