import type { Assurance } from '../contract/types';
import type { Room } from '../live/room';
import { texts } from '../messages/texts';
import { Icon } from './Icon';

const common = texts('common');

/** What stands behind one person, one vote, in a few words. */
export const assuranceNames: Record<Assurance, string> = {
  device: common.perDevice, open: common.perAnyone, seatCode: common.perSeatCode, account: common.perAccount,
};

/** Stands beside every result: how sure people may be that each of them was counted once. */
export const AssuranceLine = ({ room }: { room: Room }) => (
  <span class="assurance"><Icon name="shield" /> {assuranceNames[room.state.value!.assurance]}</span>
);
