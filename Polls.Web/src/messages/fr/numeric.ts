import type { numeric as english } from '../en/numeric';
import type { Like } from '../text';

export const numeric: Like<typeof english> = {
  name: 'Nombre',
  hint: {
    zero: 'Un nombre entier de {min} à {max}',
    one: 'Un nombre de {min} à {max}, {count} décimale au plus',
    many: 'Un nombre de {min} à {max}, {count} de décimales au plus',
    other: 'Un nombre de {min} à {max}, {count} décimales au plus',
  },
  field: 'Votre nombre',
  readAs: '= {number}',
  notANumber: 'Ce n’est pas un nombre.',
  outOfBounds: 'Il doit être compris entre {min} et {max}.',
  tooManyDecimals: {
    zero: 'Il doit être entier.',
    one: 'Il peut avoir {count} décimale au plus.',
    many: 'Il peut avoir {count} de décimales au plus.',
    other: 'Il peut avoir {count} décimales au plus.',
  },
  missing: 'Saisissez un nombre de {min} à {max}',
  send: 'Envoyer mon nombre',
  median: 'Médiane',
  medianIs: 'Médiane {value}',
  mean: 'Moyenne {value}',
  half: 'La moitié centrale : de {from} à {to}',
  extremes: 'Minimum {from}, maximum {to}',
  interval: 'Nombre',
  to: '{from} à {to}',
  min: 'Nombre le plus petit',
  max: 'Nombre le plus grand',
  decimals: 'Décimales',
  unit: 'Unité (facultatif)',
  unitHint: 'Par exemple kg, € ou %.',
  badBound: 'Saisissez un nombre de {min} à {max}.',
  notAbove: 'Il doit être supérieur au plus petit nombre.',
  badUnit: 'L’unité contient des caractères qui ne peuvent pas être affichés.',
};
