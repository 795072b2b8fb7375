import type { Plural } from '../text';

/** Texts of ratings, and of scales. */
export const rating = {
  name: 'Rating',
  hint: 'Rate from {min} to {max}',
  stars: { one: '{count} star', other: '{count} stars' } as Plural,
  value: '{value} of {max}',
  ofMax: 'of {max}',
  mean: 'Mean {value}',
  median: 'Median {value}',
  nps: 'Net Promoter Score {score}',
  npsName: 'Net Promoter Score',
  low: 'Detractors',
  middle: 'Passives',
  high: 'Promoters',
  look: 'Looks like',
  lookStars: 'Stars',
  lookNumbers: 'Numbers',
  lookSmileys: 'Smileys',
  lookNps: 'Net Promoter Score (0 to 10)',
  lowest: 'Lowest value',
  highest: 'Highest value',
  lowLabel: 'Text at the low end (optional)',
  highLabel: 'Text at the high end (optional)',
  valueColumn: 'Value',
};
