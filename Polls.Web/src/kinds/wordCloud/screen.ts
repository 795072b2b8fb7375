import { ofPeople } from '../../ui/shares';
import type { ScreenKind } from '../parts';
import { Chart } from './Chart';
import { plain } from './plain';

export default { Chart, under: (_, tally) => ofPeople(tally?.voters ?? 0), plain } satisfies ScreenKind;
