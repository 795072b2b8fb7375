import { count, fill } from '../../messages/text';
import { numeric as t } from '#messages/numeric';
import type { Numbers, PollView } from '../../contract/types';
import { rangeOf, type Flaw, type Range } from './range';

const language = document.documentElement.lang || 'en';
const grouped = new Intl.NumberFormat(language, { maximumFractionDigits: 8 });
const ungrouped = new Intl.NumberFormat(language, { maximumFractionDigits: 8, useGrouping: false });
const manyGroups = 1_000_000;

/** A number in the page's language, without its unit. */
export const shown = (value: number): string => grouped.format(value);

const withUnit = (text: string, unit: string): string => (unit ? `${text}\u00A0${unit}` : text);

/** A number with its unit; a dash if there is none. */
export const measure = (value: number | undefined, { unit } = { unit: '' }): string => value === undefined ? '–' : withUnit(shown(value), unit);

/**
 * What was understood of a typed number. A single separator of groups is left out: it is the decimal separator of other
 * languages, and would not show what a person has typed by mistake.
 */
export const echo = (value: number, { unit }: Range): string =>
  fill(t.readAs, { number: withUnit((Math.abs(value) < manyGroups ? ungrouped : grouped).format(value), unit) });

const bounds = (range: Range): { min: string; max: string } => ({ min: shown(range.min), max: measure(range.max, range) });

/** Which numbers can be given. */
export const rangeText = (range: Range): string => count(t.hint, range.decimals, bounds(range));
export const hint = (poll: PollView): string => rangeText(rangeOf(poll.settings));

export const missingText = (range: Range): string => fill(t.missing, bounds(range));

export const flawText = (flaw: Flaw, range: Range): string =>
  flaw === 'tooManyDecimals' ? count(t.tooManyDecimals, range.decimals) : fill(t[flaw], bounds(range));

/** The figures besides the median; without numbers, dashes. */
export const figures = ({ mean, q1, q3, min, max }: Numbers, range: Range): string[] => [
  fill(t.half, { from: q1 === undefined ? '–' : shown(q1), to: measure(q3, range) }), fill(t.mean, { value: measure(mean, range) }),
  fill(t.extremes, { from: measure(min, range), to: measure(max, range) }),
];
