import type { ScreenKind } from '../parts';
import { Chart } from './Chart';
import { plain } from './plain';
import { about } from './shares';

export const choices: ScreenKind = { Chart, under: about, plain };
