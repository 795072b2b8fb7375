import { Refusal } from '../contract/http';
import type { PollDraft } from '../contract/types';
import { kinds } from '../kinds/host';
import { texts } from '../messages/texts';
import { draftOf, ownOf } from './form';
import { Icon } from './Icon';
import { visibilityFact } from './PollPanel';
import { explain } from './refusals';
import { duration } from './timer';
import type { Stored, Writing } from './writing';

const t = texts('host');

/** Another host has changed the draft meanwhile: both versions side by side, and the choice between them. */
export function Conflict({ writing, stored }: { writing: Writing; stored: Stored }) {
  const isDraft = typeof stored === 'object';
  return (
    <section class="conflict" aria-labelledby="conflict-title">
      <h3 id="conflict-title" tabIndex={-1}><Icon name="warning" /> {isDraft ? t.changedMeanwhile : explain(new Refusal(stored))}</h3>
      <p>{t.textKept}</p>
      {isDraft && (
        <div class="versions">
          <Version title={t.storedNow} draft={stored.draft} />
          <Version title={t.yourVersion} draft={draftOf(writing.unsaved.value!.form)} />
        </div>
      )}
      <div class="row">
        <button class="button" type="button" onClick={() => writing.saveMine()}>{isDraft ? t.saveMine : t.saveAsNew}</button>
        {isDraft && <button class="button" type="button" onClick={() => writing.takeTheirs()}>{t.takeTheirs}</button>}
      </div>
    </section>
  );
}

const Version = ({ title, draft }: { title: string; draft: PollDraft }) => (
  <div class="version">
    <h4>{title}</h4>
    <p dir="auto"><strong>{draft.question || '…'}</strong></p>
    <ol>{draft.options.map((option, i) => <li key={i} dir="auto">{option}</li>)}</ol>
    <p class="kinds muted">{facts(draft).map((fact) => <span key={fact}>{fact}</span>)}</p>
  </div>
);

function facts({ kind, options, settings = {} }: PollDraft): string[] {
  const { resultsVisibility = 'live', allowChange = true, durationSeconds } = settings;
  return [
    ...(kinds[kind]?.facts(ownOf(settings), options.length) ?? []),
    ...(allowChange ? [] : [t.noChange]), visibilityFact(resultsVisibility),
    durationSeconds ? `${t.timer}: ${duration(durationSeconds)}` : t.noTimer,
  ];
}
