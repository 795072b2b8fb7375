import type { rating as english } from '../en/rating';
import type { Like } from '../text';

export const rating: Like<typeof english> = {
  name: 'Avaliação',
  hint: 'Avalie de {min} a {max}',
  stars: { one: '{count} estrela', many: '{count} de estrelas', other: '{count} estrelas' },
  value: '{value} de {max}',
  ofMax: 'de {max}',
  mean: 'Média {value}',
  median: 'Mediana {value}',
  nps: 'Net Promoter Score {score}',
  npsName: 'Net Promoter Score',
  low: 'Detratores',
  middle: 'Neutros',
  high: 'Promotores',
  look: 'Aparência',
  lookStars: 'Estrelas',
  lookNumbers: 'Números',
  lookSmileys: 'Rostos',
  lookNps: 'Net Promoter Score (0 a 10)',
  lowest: 'Valor mais baixo',
  highest: 'Valor mais alto',
  lowLabel: 'Texto na ponta baixa (opcional)',
  highLabel: 'Texto na ponta alta (opcional)',
  valueColumn: 'Valor',
};
