import { decimalSeparator, readNumber } from '../ui/numerals';

const language = document.documentElement.lang || 'en';
const separator = decimalSeparator(language);
const plain = new Intl.NumberFormat(language, { maximumFractionDigits: 6, useGrouping: false });

/** The number that a person has typed, as JSON writes it; undefined if it is none. */
export const readTyped = (text: string): string | undefined => readNumber(text, separator);

/** A number as one types it in the page's language. */
export const typedText = (value: number): string => plain.format(value);
