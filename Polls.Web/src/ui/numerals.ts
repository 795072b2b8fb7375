const digits = /[\u0660-\u0669\u06F0-\u06F9\uFF10-\uFF19]/g;
const spaces = /[\s\u200B\u2060]/g;
const directions = /[\u061C\u200E\u200F]/g;

/** The decimal separator of a language. */
export const decimalSeparator = (language: string): string =>
  new Intl.NumberFormat(language).formatToParts(1.5).find(({ type }) => type === 'decimal')!.value;

/**
 * The number that a person has typed, as JSON writes it, without zeros at its ends; undefined if it is none. Takes
 * Arabic, Persian and full-width digits, the minus sign, and separators of groups: spaces, apostrophes and what the
 * decimal separator leaves. The language's own decimal separator comes first. A text that it cannot explain, such as
 * '3,14' in English, is read with the other ones, because many keyboards offer only the separator of the device.
 */
export function readNumber(text: string, separator: string): string | undefined {
  const plain = text.trim().replace(directions, '').replace(digits, (digit) => `${digit.charCodeAt(0) & 15}`)
    .replace(/^[\u2010-\u2013\u2212\uFE63\uFF0D]/, '-').replace(spaces, ' ').replace(/[\u2019\u02BC]/g, '\'');
  for (const decimal of new Set([separator, '.', ',', '\u066B'])) {
    const groups = ` '\u066C${{ '.': ',', ',': '.' }[decimal] ?? ''}`;
    const found = new RegExp(`^([+-]?)(\\d*|[1-9]\\d{0,2}([${groups}])\\d{3}(?:\\3\\d{3})*)(?:[${decimal}](\\d*))?$`).exec(plain);
    if (!found || !/\d/.test(plain)) continue;
    const whole = found[2]!.replace(/\D/g, '').replace(/^0+(?=\d)/, '') || '0';
    const fraction = (found[4] ?? '').replace(/0+$/, '');
    const size = fraction ? `${whole}.${fraction}` : whole;
    return found[1] === '-' && size !== '0' ? `-${size}` : size;
  }

  return undefined;
}
