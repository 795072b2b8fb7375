import type { rating as english } from '../en/rating';
import type { Like } from '../text';

export const rating: Like<typeof english> = {
  name: 'Valoración',
  hint: 'Valora de {min} a {max}',
  stars: { one: '{count} estrella', many: '{count} de estrellas', other: '{count} estrellas' },
  value: '{value} de {max}',
  ofMax: 'de {max}',
  mean: 'Media {value}',
  median: 'Mediana {value}',
  nps: 'Net Promoter Score {score}',
  npsName: 'Net Promoter Score',
  low: 'Detractores',
  middle: 'Pasivos',
  high: 'Promotores',
  look: 'Aspecto',
  lookStars: 'Estrellas',
  lookNumbers: 'Números',
  lookSmileys: 'Caras',
  lookNps: 'Net Promoter Score (de 0 a 10)',
  lowest: 'Valor más bajo',
  highest: 'Valor más alto',
  lowLabel: 'Texto en el extremo bajo (opcional)',
  highLabel: 'Texto en el extremo alto (opcional)',
  valueColumn: 'Valor',
};
