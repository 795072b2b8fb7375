import { texts } from '../messages/texts';
import { Icon } from './Icon';

const common = texts('common');

/** In place of a kind of question that is being loaded, or that the page does not know: the server is newer than the page. */
export const Unready = ({ kind }: { kind: 'loading' | 'unknown' }) =>
  kind === 'loading' ? <p class="muted" role="status">{common.loading}</p> : (
    <p class="newer-kind">
      <Icon name="warning" /> <span>{common.newerKind}</span>
      <button class="button" type="button" onClick={() => location.reload()}>{common.reload}</button>
    </p>
  );
