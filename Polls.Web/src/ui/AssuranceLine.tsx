import type { Assurance } from '../contract/types';
import type { Room } from '../live/room';
import { texts } from '../messages/texts';
import { Icon } from './Icon';

const common = texts('common');

/** The assurance level as text. */
export const assuranceNames: Record<Assurance, string> = {
  device: common.perDevice, open: common.perAnyone, seatCode: common.perSeatCode, account: common.perAccount,
};

/** Shown with every result: how the room makes sure that each person votes once. */
export const AssuranceLine = ({ room }: { room: Room }) => (
  <span class="assurance"><Icon name="shield" /> {assuranceNames[room.state.value!.assurance]}</span>
);
