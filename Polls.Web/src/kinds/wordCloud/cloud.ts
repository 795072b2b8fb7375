import type { Entry } from '../../contract/types';

/** A word in the cloud: its middle, its size of letters and its box, in pixels of the frame. */
export interface Placed {
  n: number;
  text: string;
  count: number;
  size: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What is needed to place words: the frame, and the width of a text in letters of this size. */
export interface Frame {
  width: number;
  height: number;
  measure(text: string, size: number): number;
}

const lineHeight = 1.15;
const gap = 0.18;
const smaller = 0.88;
/** The smallest letters, as a part of the frame's height: still readable from the last row. */
const least = 1 / 26;

/** The share of the largest word's size: the root, so that the area grows with the count. */
const shareOf = (count: number, most: number): number => Math.sqrt(count / most);

/**
 * Places words, those with most people first. A word stays where it was as long as it fits there, so that the cloud
 * does not jump while votes arrive; otherwise it goes to the nearest free place. Letters become smaller until all words
 * have a place; words that are still without one when the smallest letters are reached are left out.
 */
export function place(items: readonly Entry[], frame: Frame, before: readonly Placed[]): Placed[] {
  if (items.length === 0 || frame.width <= 0 || frame.height <= 0) return [];
  const known = new Map(before.map((placed) => [placed.n, placed]));
  const largest = before.find(({ n }) => n === items[0]!.n)?.size ?? 0;
  const smallest = frame.height * least;
  // Slightly larger than last time, so that a cloud can grow again, but not back and forth with each vote.
  for (let size = Math.min(ideal(items, frame), largest > 0 ? largest / smaller : Infinity); ; size *= smaller) {
    const isLast = size * smaller < smallest;
    const placed = tryPlace(items, frame, known, Math.max(size, smallest), smallest);
    if (placed.length === items.length || isLast) return placed;
  }
}

/** The size of the largest word with which the words would fill nearly half of the frame. */
function ideal(items: readonly Entry[], { width, height, measure }: Frame): number {
  const most = items[0]!.count;
  const unit = 100;
  const area = items.reduce((sum, { text, count }) => sum + measure(text, unit * shareOf(count, most)) * unit * shareOf(count, most) * lineHeight, 0);
  const widest = Math.max(...items.map(({ text, count }) => measure(text, unit * shareOf(count, most))));
  return Math.min(height * 0.42, unit * Math.sqrt((0.45 * width * height) / area), (unit * 0.94 * width) / widest);
}

function tryPlace(items: readonly Entry[], frame: Frame, known: ReadonlyMap<number, Placed>, largest: number, smallest: number): Placed[] {
  const placed: Placed[] = [];
  for (const { n, text, count } of items) {
    const size = Math.max(smallest, largest * shareOf(count, items[0]!.count));
    const width = frame.measure(text, size) + size * gap;
    const height = size * lineHeight;
    const old = known.get(n);
    const start = old ?? { x: frame.width / 2, y: frame.height / 2 };
    const spot = free(start, width, height, frame, placed);
    if (spot) placed.push({ n, text, count, size, ...spot, width, height });
  }

  return placed;
}

/** The nearest middle for a box of this size, along a spiral around the start, at which it lies free in the frame. */
function free(start: { x: number; y: number }, width: number, height: number, frame: Frame, placed: readonly Placed[]): { x: number; y: number } | undefined {
  if (width > frame.width || height > frame.height) return undefined;
  const step = Math.max(4, height / 5);
  const turns = (2 * Math.hypot(frame.width, frame.height)) / step;
  const stretch = frame.width / frame.height;
  for (let angle = 0; ; ) {
    const radius = (step * angle) / (2 * Math.PI);
    if (angle > turns * Math.PI) return undefined;
    const x = Math.min(frame.width - width / 2, Math.max(width / 2, start.x + radius * stretch * Math.cos(angle)));
    const y = Math.min(frame.height - height / 2, Math.max(height / 2, start.y + radius * Math.sin(angle)));
    if (!placed.some((other) => Math.abs(other.x - x) * 2 < other.width + width && Math.abs(other.y - y) * 2 < other.height + height)) return { x, y };
    angle += Math.min(0.6, step / Math.max(step, radius));
  }
}
