import type { numeric as english } from '../en/numeric';
import type { Like } from '../text';

export const numeric: Like<typeof english> = {
  name: 'Zahl',
  hint: {
    zero: 'Eine ganze Zahl von {min} bis {max}',
    one: 'Eine Zahl von {min} bis {max}, bis zu {count} Nachkommastelle',
    other: 'Eine Zahl von {min} bis {max}, bis zu {count} Nachkommastellen',
  },
  field: 'Eigene Zahl',
  readAs: '= {number}',
  notANumber: 'Das ist keine Zahl.',
  outOfBounds: 'Möglich ist {min} bis {max}.',
  tooManyDecimals: {
    zero: 'Nur ganze Zahlen sind möglich.',
    one: 'Höchstens {count} Nachkommastelle ist möglich.',
    other: 'Höchstens {count} Nachkommastellen sind möglich.',
  },
  missing: 'Eine Zahl von {min} bis {max} eingeben',
  send: 'Meine Zahl senden',
  median: 'Median',
  medianIs: 'Median {value}',
  mean: 'Mittelwert {value}',
  half: 'Die mittlere Hälfte: {from} bis {to}',
  extremes: 'Kleinste {from}, größte {to}',
  interval: 'Zahl',
  to: '{from} bis {to}',
  min: 'Kleinste Zahl',
  max: 'Größte Zahl',
  decimals: 'Nachkommastellen',
  unit: 'Einheit (optional)',
  unitHint: 'Etwa kg, € oder %.',
  badBound: 'Eine Zahl von {min} bis {max} eingeben.',
  notAbove: 'Sie muss größer als die kleinste Zahl sein.',
  badUnit: 'Die Einheit enthält Zeichen, die nicht angezeigt werden können.',
};
