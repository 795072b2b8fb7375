import type { Tally } from '../contract/types';
import { count } from '../messages/text';
import { texts } from '../messages/texts';

const common = texts('common');

/** Shown with every result: how many answers the host has discarded, if any. */
export const Discarded = ({ tally }: { tally: Tally | undefined }) =>
  tally?.discarded ? <span class="discarded">{count(common.discarded, tally.discarded)}</span> : null;
