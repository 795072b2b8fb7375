import { fill } from '../../messages/text';
import { scales as t } from '#messages/scales';
import type { PollView } from '../../contract/types';
import { scaleOfStatements } from './statements';

/** How to answer. */
export const hint = (poll: PollView): string => fill(t.hint, { min: scaleOfStatements(poll).min, max: scaleOfStatements(poll).max });
