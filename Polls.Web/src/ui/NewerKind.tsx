import type { PollView } from '../contract/types';
import { texts } from '../messages/texts';
import { Icon } from './Icon';

const common = texts('common');

/** Whether this page knows how to answer and show the poll. */
export const isKnown = ({ kind }: PollView): boolean => kind === 'singleChoice' || kind === 'multipleChoice';

/** In place of answers or results of a kind that the page does not know: the server is newer than the page. */
export const NewerKind = () => (
  <p class="newer-kind">
    <Icon name="warning" /> <span>{common.newerKind}</span>
    <button class="button" type="button" onClick={() => location.reload()}>{common.reload}</button>
  </p>
);
