import { count, fill, number } from '../../messages/text';
import { points as t } from '#messages/points';
import { texts } from '../../messages/texts';
import type { FieldsProps, HostKind, OwnSettings } from '../parts';
import { Answer, hint } from './Answer';
import { budgetOf } from './budget';
import { plain } from './plain';
import { Result } from './Result';

const host = texts('host');
const most = 1000;
const steps = [1, 5, 10];

/** A step that does not divide the points is replaced. */
function settingsOf(settings: OwnSettings): OwnSettings {
  const { points, step, spendAll } = budgetOf(settings);
  return { points, step: points % step === 0 ? step : budgetOf({ points }).step, spendAll };
}

const isGood = (points: number): boolean => Number.isInteger(points) && points >= 1 && points <= most;

function Fields({ settings, faultOf, change }: FieldsProps) {
  const { points, step, spendAll } = budgetOf(settingsOf(settings));
  return (
    <>
      <div class="field">
        <label for="points-total">{t.total}</label>
        <input id="points-total" class="input" type="number" min={1} max={most} value={`${settings.points}`} aria-invalid={faultOf('points-total') !== ''} aria-describedby="points-total-error"
          onInput={(event) => change({ points: event.currentTarget.value })} />
        <p id="points-total-error" class="error">{faultOf('points-total')}</p>
      </div>
      <div class="field">
        <label for="points-step">{t.step}</label>
        <select id="points-step" class="input" value={`${step}`} onChange={(event) => change({ step: Number(event.currentTarget.value) })}>
          {steps.filter((one) => points % one === 0).map((one) => <option key={one} value={`${one}`}>{number(one)}</option>)}
        </select>
      </div>
      <label class="check">
        <input type="checkbox" checked={spendAll} onChange={(event) => change({ spendAll: event.currentTarget.checked })} /> {t.spendAll}
      </label>
    </>
  );
}

export const points: HostKind = {
  name: t.name,
  options: { least: 2, most: 20, legend: host.options, hint: host.optionsHint },
  defaults: { points: 100, spendAll: true },
  Fields,
  settingsOf,
  fault: (settings) => isGood(budgetOf(settings).points) ? undefined : { field: 'points-total', text: fill(t.badTotal, { max: most }) },
  facts: (settings) => {
    const { points: all, step, spendAll } = budgetOf(settingsOf(settings));
    return [count(spendAll ? t.count : t.upTo, all), ...(step > 1 ? [fill(t.steps, { step })] : [])];
  },
  Answer,
  hint,
  Result,
  plain,
};
