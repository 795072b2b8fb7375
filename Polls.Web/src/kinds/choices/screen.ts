import type { ScreenKind } from '../parts';
import { Chart } from './Chart';
import { adjustedShares } from './shares';

export const choices: ScreenKind = { Chart, under: adjustedShares };
