import type { ResultsVisibility } from '../contract/types';
import { texts } from '../messages/texts';
import { kindOf, optionTexts, settingsOf, type Fault, type PollForm } from './form';
import { explainFault } from './refusals';
import { TimerField } from './TimerField';

const t = texts('host');
const visibilities: [ResultsVisibility, string][] = [['live', t.visibilityLive], ['afterVote', t.visibilityAfterVote], ['afterClose', t.visibilityAfterClose], ['hostOnly', t.visibilityHostOnly]];

/** Settings of a poll; only the words among them if its shape is fixed. The defaults suit most polls. */
export function SettingsFields({ form, onlyWords, fault, change }: { form: PollForm; onlyWords: boolean; fault: Fault | undefined; change(part: Partial<PollForm>): void }) {
  const faultAt = (field: string): string => (fault?.field === field ? explainFault(fault) : '');
  const kind = kindOf(form);
  const own = settingsOf(form);
  return (
    <section class="settings" aria-labelledby="settings-title">
      <h3 id="settings-title">{t.settings}</h3>
      <div class="settings-pair">
        {!onlyWords && (
          <div class="field">
            <label for="visibility">{t.visibility}</label>
            <select id="visibility" class="input" value={form.visibility} aria-invalid={faultAt('visibility') !== ''} aria-describedby="settings-error"
              onChange={(event) => change({ visibility: event.currentTarget.value as ResultsVisibility })}>
              {visibilities.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
            </select>
            <p class="error" id="settings-error">{faultAt('visibility')}</p>
          </div>
        )}
        {kind.Fields && <kind.Fields onlyWords={onlyWords} settings={own} options={optionTexts(form)} faultOf={faultAt} change={(part) => change({ own: { ...form.own, [form.kind]: { ...own, ...part } } })} />}
      </div>
      {!onlyWords && <>
        <label class="check">
          <input type="checkbox" checked={form.allowChange} onChange={(event) => change({ allowChange: event.currentTarget.checked })} /> {t.allowChange}
        </label>
        <TimerField id="form" timer={form.timer} none={t.noTimer} asked={fault?.field === 'form-seconds'} change={(timer) => change({ timer })} />
      </>}
    </section>
  );
}
