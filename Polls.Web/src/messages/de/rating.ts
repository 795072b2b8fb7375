import type { rating as english } from '../en/rating';
import type { Like } from '../text';

export const rating: Like<typeof english> = {
  name: 'Bewertung',
  hint: 'Von {min} bis {max} bewerten',
  stars: { one: '{count} Stern', other: '{count} Sterne' },
  value: '{value} von {max}',
  ofMax: 'von {max}',
  mean: 'Mittelwert {value}',
  median: 'Median {value}',
  nps: 'Net Promoter Score {score}',
  npsName: 'Net Promoter Score',
  low: 'Kritische',
  middle: 'Neutrale',
  high: 'Begeisterte',
  look: 'Aussehen',
  lookStars: 'Sterne',
  lookNumbers: 'Zahlen',
  lookSmileys: 'Gesichter',
  lookNps: 'Net Promoter Score (0 bis 10)',
  lowest: 'Niedrigster Wert',
  highest: 'Höchster Wert',
  lowLabel: 'Text am unteren Ende (freiwillig)',
  highLabel: 'Text am oberen Ende (freiwillig)',
  valueColumn: 'Wert',
};
