import type { rating as english } from '../en/rating';
import type { Like } from '../text';

export const rating: Like<typeof english> = {
  name: 'Note',
  hint: 'Notez de {min} à {max}',
  stars: { one: '{count} étoile', many: '{count} d’étoiles', other: '{count} étoiles' },
  value: '{value} sur {max}',
  ofMax: 'sur {max}',
  mean: 'Moyenne {value}',
  median: 'Médiane {value}',
  nps: 'Net Promoter Score {score}',
  npsName: 'Net Promoter Score',
  low: 'Détracteurs',
  middle: 'Passifs',
  high: 'Promoteurs',
  look: 'Apparence',
  lookStars: 'Étoiles',
  lookNumbers: 'Nombres',
  lookSmileys: 'Visages',
  lookNps: 'Net Promoter Score (0 à 10)',
  lowest: 'Valeur la plus basse',
  highest: 'Valeur la plus haute',
  lowLabel: 'Texte côté bas (facultatif)',
  highLabel: 'Texte côté haut (facultatif)',
  valueColumn: 'Valeur',
};
