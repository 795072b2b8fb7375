import type { Plural } from '../text';

/** Texts of estimates. */
export const numeric = {
  name: 'Number',
  hint: {
    zero: 'A whole number from {min} to {max}',
    one: 'A number from {min} to {max}, up to {count} decimal',
    other: 'A number from {min} to {max}, up to {count} decimals',
  } as Plural,
  field: 'Your number',
  readAs: '= {number}',
  notANumber: 'This is not a number.',
  outOfBounds: 'It must be from {min} to {max}.',
  tooManyDecimals: {
    zero: 'It must be a whole number.',
    one: 'It can have up to {count} decimal.',
    other: 'It can have up to {count} decimals.',
  } as Plural,
  missing: 'Enter a number from {min} to {max}',
  send: 'Send my number',
  median: 'Median',
  medianIs: 'Median {value}',
  mean: 'Mean {value}',
  half: 'The middle half: {from} to {to}',
  extremes: 'Lowest {from}, highest {to}',
  interval: 'Number',
  to: '{from} to {to}',
  min: 'Lowest number',
  max: 'Highest number',
  decimals: 'Decimals',
  unit: 'Unit (optional)',
  unitHint: 'Such as kg, € or %.',
  badBound: 'Enter a number from {min} to {max}.',
  notAbove: 'It must be above the lowest number.',
  badUnit: 'The unit contains characters that can’t be shown.',
};
