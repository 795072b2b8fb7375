import { count } from '../../messages/text';
import { texts } from '../../messages/texts';
import type { FieldsProps, HostKind } from '../parts';
import { Answer, hint } from './Answer';
import { plain } from './plain';
import { Result } from './Result';

const t = texts('host');

/** 0 means no limit. */
const mostOf = ({ maxChoices }: Record<string, unknown>, options: number): number =>
  typeof maxChoices === 'number' && maxChoices < options ? maxChoices : 0;

function Fields({ settings, options, change }: FieldsProps) {
  const rows = Math.max(2, options.length);
  return (
    <div class="field">
      <label for="max-choices">{t.maxChoices}</label>
      <select id="max-choices" class="input" value={`${mostOf(settings, rows)}`} onChange={(event) => change({ maxChoices: Number(event.currentTarget.value) })}>
        <option value="0">{t.anyNumber}</option>
        {Array.from({ length: rows - 1 }, (_, i) => <option key={i} value={`${i + 1}`}>{count(t.upTo, i + 1)}</option>)}
      </select>
    </div>
  );
}

const shared = { options: { least: 2, most: 20, legend: t.options, hint: t.optionsHint }, Answer, hint, Result, plain };

export const singleChoice: HostKind = {
  ...shared, name: t.single, defaults: {}, settingsOf: () => ({}), facts: () => [t.single],
};

export const multipleChoice: HostKind = {
  ...shared, name: t.multiple, defaults: { maxChoices: 0 }, Fields,
  settingsOf: (settings, options) => (mostOf(settings, options) > 0 ? { maxChoices: mostOf(settings, options) } : {}),
  facts: (settings, options) => [mostOf(settings, options) > 0 ? count(t.atMost, mostOf(settings, options)) : t.multiple],
};
