import type { ScreenKind } from '../parts';
import { Chart } from './Chart';
import { adjusted } from './shares';

export const choices: ScreenKind = { Chart, under: adjusted };
