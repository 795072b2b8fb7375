import type { Numbers } from '../../contract/types';

/** Which numbers can be given, and in what unit. */
export interface Range {
  min: number;
  max: number;
  /** The most decimals. */
  decimals: number;
  unit: string;
}

export const rangeOf = ({ min, max, decimals, unit }: Record<string, unknown>): Range =>
  ({ min: Number(min ?? 0), max: Number(max ?? 0), decimals: Number(decimals ?? 0), unit: typeof unit === 'string' ? unit : '' });

/** The number of decimals of a number as JSON writes it. */
export const decimalsOf = (number: string): number => number.split('.')[1]?.length ?? 0;

export type Flaw = 'notANumber' | 'outOfBounds' | 'tooManyDecimals';

/** A number, as JSON writes it, that can be sent, or what is wrong with it. It is never rounded. */
export function judge({ min, max, decimals }: Range, read: string | undefined): number | Flaw {
  if (read === undefined) return 'notANumber';
  const number = Number(read);
  return number < min || number > max ? 'outOfBounds' : decimalsOf(read) > decimals ? 'tooManyDecimals' : number;
}

/** How many numbers are from the first to the last one of an interval, both included. */
export interface Bin {
  first: number;
  last: number;
  count: number;
}

/** The intervals and how many numbers are in each. */
export function binsOf({ min, max, decimals }: Range, { bins = [], from = 0, width = 1 }: Numbers): Bin[] {
  const exact = (value: number): number => Number(value.toFixed(decimals));
  return bins.map((count, i) => ({
    count, first: Math.max(min, exact(from + i * width)), last: i + 1 === bins.length ? max : Math.min(max, exact(from + (i + 1) * width - 10 ** -decimals)),
  }));
}

/** Where a number is on the axis, from 0 to 1: in the middle of its bin where that has only one number. */
export const placeOf = (value: number, { decimals }: Range, { bins = [], from = 0, width = 1 }: Numbers): number =>
  Math.min(1, Math.max(0, (value + 10 ** -decimals / 2 - from) / (bins.length * width)));

const steps = [1, 2, 5, 10, 20];

/** The numbers that the axis names: multiples of the bins' width, evenly apart, at most so many. */
export function ticksOf({ max, decimals }: Range, { bins = [], from = 0, width = 1 }: Numbers, most: number): number[] {
  const step = steps.find((one) => Math.floor(bins.length / one) < most) ?? bins.length;
  return Array.from({ length: Math.floor(bins.length / step) + 1 }, (_, i) => Number((from + i * step * width).toFixed(decimals))).filter((value) => value <= max);
}
