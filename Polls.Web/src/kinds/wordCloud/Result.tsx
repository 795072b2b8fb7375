import { list } from '../../messages/text';
import { texts } from '../../messages/texts';
import { Icon } from '../../ui/Icon';
import type { ResultProps } from '../parts';
import { Head } from './Head';

const common = texts('common');

/** The own words, and those that most people gave. */
export const Result = ({ tally, mine }: ResultProps) => (
  <div class="words-result">
    {mine?.texts && <p class="mine"><Icon name="check" /> <span dir="auto">{common.yourVote}: {list(mine.texts)}</span></p>}
    <Head tally={tally} mine={mine?.texts ?? []} />
  </div>
);
