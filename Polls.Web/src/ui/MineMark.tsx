import { texts } from '../messages/texts';
import { Icon } from './Icon';

const common = texts('common');

/** Marks the person's own answer in a result. */
export const MineMark = () => <em class="mine-mark"><Icon name="check" /> {common.yourVote}</em>;
