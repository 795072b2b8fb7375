/** A text per plural category of the language (CLDR); 'other' is required. 'zero' is used for none in every language, if present. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Messages of a file in any language, with the names of the English ones. */
export type Like<T> = { [K in keyof T]: T[K] extends string ? string : Plural };

const language = document.documentElement.lang || 'en';
const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language);
const percents = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });

const lists = new Intl.ListFormat(language, { type: 'unit', style: 'short' });

export const number = (value: number): string => numbers.format(value);
export const percent = (share: number): string => percents.format(share);

/** 'A, B, C' in the language's form. */
// User text keeps its own direction and does not move the punctuation around it.
const isolated = (value: string): string => (document.documentElement.dir === 'rtl' ? `\u2068${value}\u2069` : value);

export const list = (items: string[]): string => lists.format(items.map(isolated));

/** Texts to be spoken one after the other, each ended by its own punctuation or by a full stop. */
export const sentences = (...texts: string[]): string =>
  texts.filter(Boolean).map((text) => (/[\p{Sentence_Terminal}…:;][\p{P}\u2069]*$/u.test(text.trim()) ? text.trim() : `${text.trim()}.`)).join(' ');

/** Replaces names in braces by values; formats numbers for the language. */
export function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? number(value) : isolated(value);
  });
}

/** The plural form for this count, with {count} replaced. */
export const count = (forms: Plural, value: number, values: Record<string, string | number> = {}): string =>
  fill((value === 0 ? forms.zero : undefined) ?? forms[plurals.select(value)] ?? forms.other, { ...values, count: value });

/** '1:05', or '1:02:03' from an hour on. */
export function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, i) => (i === 0 ? `${part}` : `${part}`.padStart(2, '0'))).join(':');
}

const tenths = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** A mean or median: with one decimal. */
export const decimal = (value: number): string => tenths.format(value);
