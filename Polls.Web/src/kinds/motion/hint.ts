import type { PollView } from '../../contract/types';
import { conditions } from './rule';

/** What is needed: how to vote can be seen. */
export const hint = (poll: PollView): string => conditions(poll).join(' · ');
