import { count, fill } from '../../messages/text';
import { numeric as t } from '#messages/numeric';
import { isVisible, unshowable } from '../../ui/appearance';
import { useLimit } from '../../ui/limit';
import { NumberField } from '../NumberField';
import type { FieldsProps, HostKind, OwnSettings, SettingFault } from '../parts';
import { readTyped, typedText } from '../typed';
import { Answer } from './Answer';
import { decimalsOf, rangeOf } from './range';
import { plain } from './plain';
import { Result } from './Result';
import { hint, rangeText, shown } from './words';

const limit = 1_000_000_000;
const mostDecimals = 6;
const mostUnit = 12;

/** A bound, stored or typed, as JSON writes it. */
const boundOf = (value: unknown): string | undefined => readTyped(typeof value === 'number' ? typedText(value) : `${value ?? ''}`);

const numberOf = (value: unknown): number | null => {
  const bound = boundOf(value);
  return bound === undefined ? null : Number(bound);
};

const settingsOf = ({ min, max, decimals = 0, unit }: OwnSettings): OwnSettings =>
  ({ min: numberOf(min), max: numberOf(max), decimals, unit: `${unit ?? ''}`.trim() || null });

function fault(settings: OwnSettings): SettingFault | undefined {
  const { min, max, decimals, unit } = rangeOf(settingsOf(settings));
  for (const [name, field] of [['min', 'number-min'], ['max', 'number-max']] as const) {
    const bound = boundOf(settings[name]);
    if (bound === undefined || Math.abs(Number(bound)) > limit) return { field, text: fill(t.badBound, { min: shown(-limit), max: shown(limit) }) };
    if (decimalsOf(bound) > decimals) return { field, text: count(t.tooManyDecimals, decimals) };
  }

  if (max <= min) return { field: 'number-max', text: t.notAbove };
  return unit && (unshowable(unit) || !isVisible(unit)) ? { field: 'number-unit', text: t.badUnit } : undefined;
}

function Fields({ settings, faultOf, change }: FieldsProps) {
  const text = useLimit(mostUnit);
  const unit = `${settings.unit ?? ''}`;
  const badUnit = faultOf('number-unit');
  return (
    <>
      <NumberField id="number-min" label={t.min} value={settings.min} error={faultOf('number-min')} change={(min) => change({ min })} />
      <NumberField id="number-max" label={t.max} value={settings.max} error={faultOf('number-max')} change={(max) => change({ max })} />
      <div class="field">
        <label for="number-decimals">{t.decimals}</label>
        <select id="number-decimals" class="input" value={`${settings.decimals ?? 0}`} onChange={(event) => change({ decimals: Number(event.currentTarget.value) })}>
          {Array.from({ length: mostDecimals + 1 }, (_, i) => <option key={i} value={`${i}`}>{shown(i)}</option>)}
        </select>
      </div>
      <div class="field">
        <label for="number-unit">{t.unit}</label>
        <input id="number-unit" class="input" dir="auto" autoComplete="off" value={unit} aria-invalid={badUnit !== ''} aria-describedby="number-unit-about"
          onInput={(event) => change({ unit: text.read(event, unit) })} onCompositionEnd={(event) => change({ unit: text.read(event, unit) })} />
        <p id="number-unit-about" class={badUnit ? 'error' : 'hint'}>{badUnit || text.note.value || t.unitHint}</p>
      </div>
    </>
  );
}

export const numeric: HostKind = {
  name: t.name,
  defaults: { min: 0, max: 100, decimals: 0 },
  Fields,
  settingsOf,
  fault,
  facts: (settings) => [rangeText(rangeOf(settings))],
  Answer,
  hint,
  Result,
  plain,
};
