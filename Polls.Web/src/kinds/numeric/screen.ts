import type { ScreenKind } from '../parts';
import { Chart } from './Chart';

export default { Chart } satisfies ScreenKind;
