import type { ScreenKind } from '../parts';
import { Chart } from './Chart';
import { plain } from './plain';

export default { Chart, plain } satisfies ScreenKind;
