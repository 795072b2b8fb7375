import { limits, type ResultsVisibility } from '../contract/types';
import { count } from '../messages/text';
import { texts } from '../messages/texts';
import type { Fault, PollForm } from './form';
import { explainFault } from './refusals';
import { TimerField } from './TimerField';

const t = texts('host');
const visibilities: [ResultsVisibility, string][] = [['live', t.visibilityLive], ['afterClose', t.visibilityAfterClose], ['hostOnly', t.visibilityHostOnly]];

/** Settings of a poll. The defaults suit most polls. */
export function SettingsFields({ form, fault, change }: { form: PollForm; fault: Fault | undefined; change(part: Partial<PollForm>): void }) {
  const bad = fault?.field === 'visibility';
  const options = Math.max(limits.minOptions, form.options.filter(({ text }) => text.trim()).length);
  return (
    <section class="settings" aria-labelledby="settings-title">
      <h3 id="settings-title">{t.settings}</h3>
      <div class="settings-pair">
        <div class="field">
          <label for="visibility">{t.visibility}</label>
          <select id="visibility" class="input" value={form.visibility} aria-invalid={bad} aria-describedby="settings-error"
            onChange={(event) => change({ visibility: event.currentTarget.value as ResultsVisibility })}>
            {visibilities.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
          </select>
          <p class="error" id="settings-error">{bad ? explainFault(fault) : ''}</p>
        </div>
        {form.kind === 'multipleChoice' && (
          <div class="field">
            <label for="max-choices">{t.maxChoices}</label>
            <select id="max-choices" class="input" value={`${form.maxChoices < options ? form.maxChoices : 0}`} onChange={(event) => change({ maxChoices: Number(event.currentTarget.value) })}>
              <option value="0">{t.anyNumber}</option>
              {Array.from({ length: options - 1 }, (_, i) => <option key={i} value={`${i + 1}`}>{count(t.upTo, i + 1)}</option>)}
            </select>
          </div>
        )}
      </div>
      <label class="check">
        <input type="checkbox" checked={form.allowChange} onChange={(event) => change({ allowChange: event.currentTarget.checked })} /> {t.allowChange}
      </label>
      <TimerField id="form" timer={form.timer} none={t.noTimer} asked={fault?.field === 'form-seconds'} change={(timer) => change({ timer })} />
    </section>
  );
}
