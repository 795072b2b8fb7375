import type { PollDraft, PollView } from '../contract/types';
import { kinds } from '../kinds/host';
import { texts } from '../messages/texts';

const t = texts('host');

/** What people will see on their phones. Only to look at: the text of the draft is beside it. */
export function Preview({ draft }: { draft: PollDraft }) {
  const kind = kinds[draft.kind]!;
  const poll: PollView = {
    id: 'preview', edition: 1, position: 0, state: 'open', resultsVisible: false, allowChange: true, ...draft, settings: { ...kind.defaults, ...draft.settings },
  };
  return (
    <figure class="preview" inert aria-hidden="true">
      <figcaption class="hint">{t.preview}</figcaption>
      <div class="preview-phone">
        <p class="preview-question" dir="auto">{poll.question || '…'}</p>
        <p class="muted">{kind.hint(poll)}</p>
        <kind.Answer poll={poll} tally={undefined} answer={{}} locked={false} choose={() => undefined} send={() => undefined} />
      </div>
    </figure>
  );
}
