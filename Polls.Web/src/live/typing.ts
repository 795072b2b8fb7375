/** Replaces digits of other scripts, full-width ones too, by 0 to 9. */
export const latinDigits = (text: string): string =>
  text.normalize('NFKC').replace(/[٠-٩۰-۹]/g, (digit) => `${digit.charCodeAt(0) & 15}`);

// A code stands alone, or in two halves: it is no part of a longer number, a price, an address or a phone number.
const whole = /(?<![\d+]|\d[ .,:-])\d{6}(?![\d]|[ .,:-]\d)/g;
const halves = /(?<![\d+]|\d[ .,:-])\d{3}[ -]\d{3}(?![\d]|[ .,:-]\d)/g;
const notOfACode = /[.,:+/]/;
const longestTyped = 9;

/**
 * The room's code in what was typed or pasted: a link to any of its pages, or a text with one code. While a code is
 * being typed, its digits so far. Empty if the text has no code, or more than one.
 */
export function roomCode(text: string): string {
  const latin = latinDigits(text).replace(/[\u2010-\u2015]/g, '-').trim();
  const linked = /\/(?:r|host|screen|join)\/(\d{6})(?!\d)/i.exec(latin)?.[1];
  if (linked) return linked;
  const found = new Set([...latin.matchAll(whole), ...latin.matchAll(halves)].map(([code]) => code.replace(/\D/g, '')));
  if (found.size > 0) return found.size === 1 ? [...found][0]! : '';
  const digits = latin.replace(/\D/g, '');
  return latin.length <= longestTyped && digits.length <= 6 && !notOfACode.test(latin) ? digits : '';
}
