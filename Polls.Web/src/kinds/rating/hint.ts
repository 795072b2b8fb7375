import { fill } from '../../messages/text';
import { rating as t } from '#messages/rating';
import type { PollView } from '../../contract/types';
import { scaleOf } from './scale';

/** How to answer. */
export const hint = ({ settings }: PollView): string => fill(t.hint, { min: scaleOf(settings).min, max: scaleOf(settings).max });
