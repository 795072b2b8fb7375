/**
 * A text for each grammatical number that the language knows (CLDR categories); 'other' is always there. A 'zero' is
 * said of none in every language, where none is worth words of its own.
 */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** A file's messages in any language: the same names as in English. */
export type Like<T> = { [K in keyof T]: T[K] extends string ? string : Plural };

const language = document.documentElement.lang || 'en';
const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language);
const percents = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });

const lists = new Intl.ListFormat(language, { type: 'unit', style: 'short' });

export const number = (value: number): string => numbers.format(value);
export const percent = (share: number): string => percents.format(share);

/** 'A, B, C' as the language writes it. */
export const list = (items: string[]): string => lists.format(items);

// What people wrote keeps its own direction, and does not pull the punctuation around it to the wrong side.
const isolated = (value: string): string => (document.documentElement.dir === 'rtl' ? `\u2068${value}\u2069` : value);

/** Puts values in the place of their names in braces; numbers the way the language writes them. */
export function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? number(value) : isolated(value);
  });
}

/** The form for this count, with {count} filled in. */
export const count = (forms: Plural, value: number, values: Record<string, string | number> = {}): string =>
  fill((value === 0 ? forms.zero : undefined) ?? forms[plurals.select(value)] ?? forms.other, { ...values, count: value });

/** '1:05', or '1:02:03' from an hour on. */
export function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, i) => (i === 0 ? `${part}` : `${part}`.padStart(2, '0'))).join(':');
}
