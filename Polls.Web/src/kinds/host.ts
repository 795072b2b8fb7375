import { multipleChoice, singleChoice } from './choices/host';
import { motion } from './motion/host';
import { numeric } from './numeric/host';
import type { HostKind } from './parts';
import { points } from './points/host';
import { ranking } from './ranking/host';
import { rating } from './rating/host';
import { scales } from './scales/host';
import { wordCloud } from './wordCloud/host';

/** All kinds that hosts can write and see, in the order of the form. */
export const kinds: Readonly<Record<string, HostKind>> = {
  singleChoice, multipleChoice, rating, scales, ranking, points, wordCloud, numeric, motion,
};
