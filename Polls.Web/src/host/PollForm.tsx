import { limits, type PollKind } from '../contract/types';
import { kinds } from '../kinds/host';
import { texts } from '../messages/texts';
import { Conflict } from './Conflict';
import { useLimit } from '../ui/limit';
import type { Desk } from './desk';
import { draftOf, kindOf } from './form';
import { Icon } from './Icon';
import { OptionsField } from './OptionsField';
import { focusSoon } from './place';
import { Preview } from './Preview';
import { explainFault } from './refusals';
import { SettingsFields } from './SettingsFields';

const t = texts('host');

/** The form for writing a poll. Every keystroke is saved on this device. */
export function PollForm({ desk }: { desk: Desk }) {
  const { writing } = desk;
  const limit = useLimit(limits.question);
  const unsaved = writing.unsaved.value;
  if (!unsaved) return null;
  const { form, pollId, corrects = false } = unsaved;
  const kind = kindOf(form);
  const fault = writing.fault.value;
  const busy = desk.jobs.runs('save');
  const bad = (field: string): boolean => fault?.field === field;
  const take = (event: Event): void => writing.change({ question: limit.read(event, form.question) });
  return (
    <form class="card poll-form" noValidate aria-labelledby="form-title" onSubmit={(event) => {
      event.preventDefault();
      void writing.save(false);
    }}>
      <button class="button quiet back" type="button" onClick={() => {
        writing.visible.value = false;
        desk.place.back();
        focusSoon('list-title');
      }}><span class="turned"><Icon name="arrow" mirrored /></span> {t.back}</button>
      <h2 id="form-title" tabIndex={-1}>{corrects ? t.correct : pollId ? t.editTitle : t.writeTitle}</h2>
      {corrects && <p class="hint">{t.correctHint}</p>}
      {writing.stored.value && <Conflict writing={writing} stored={writing.stored.value} />}
      <div class="field">
        <label for="question">{t.question}</label>
        <textarea id="question" class="input question-input" rows={2} dir="auto" value={form.question} enterkeyhint="next"
          aria-invalid={bad('question')} aria-describedby="question-error"
          onInput={take} onCompositionEnd={take}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229) return;
            event.preventDefault();
            document.getElementById('option-0')?.focus();
          }} />
        {limit.note.value && form.question && <p class="hint">{limit.note}</p>}
        <p id="question-error" class="error">{fault && bad('question') ? explainFault(fault) : ''}</p>
      </div>
      {!corrects && (
        <fieldset class="field">
          <legend>{t.kind}</legend>
          <div class="chips">
            {Object.entries(kinds).map(([kind, { name }]) => (
              <label key={kind} class="chip">
                <input id={`kind-${kind}`} type="radio" name="kind" aria-describedby="kind-error" checked={form.kind === kind} onChange={() => writing.change({ kind: kind as PollKind })} />
                <span>{name}</span>
              </label>
            ))}
          </div>
          <p id="kind-error" class="error">{fault?.code === 'poll.badKind' ? explainFault(fault) : ''}</p>
        </fieldset>
      )}
      {kind.options && <OptionsField kind={kind.options} options={form.options} fixed={corrects} fault={fault} change={(options) => writing.change({ options })} />}
      {(!corrects || kind.hasLabels) && <SettingsFields form={form} onlyWords={corrects} fault={fault} change={(part) => writing.change(part)} />}
      <Preview draft={draftOf(form)} />
      <p class="hint">{t.keptHere}</p>
      {writing.stored.value && (
        <p class="conflict-hint"><Icon name="warning" /> <button class="text-button" type="button" onClick={() => focusSoon('conflict-title')}>{t.changedSince}</button></p>
      )}
      <div class="form-do">
        <button class="button primary big" type="submit" aria-disabled={busy}>{busy ? t.saving : t.save}</button>
        {!pollId && <button class="button" type="button" aria-disabled={busy} onClick={() => void writing.save(true)}>{t.saveAndNext}</button>}
        <button class="button quiet" type="button" onClick={writing.cancel}>{t.cancel}</button>
      </div>
    </form>
  );
}
