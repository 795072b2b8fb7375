import { count, number } from '../../messages/text';
import { ranking as t } from '#messages/ranking';
import { texts } from '../../messages/texts';
import type { FieldsProps, HostKind, OwnSettings } from '../parts';
import { Answer, hint } from './Answer';
import { plain } from './plain';
import { Result } from './Result';

const host = texts('host');
const fewest = 2;

/** The settings to send: without places and least, all options. */
function settingsOf({ places, least, shuffled }: OwnSettings, options: number): OwnSettings {
  const most = Number(places) > 0 && Number(places) < options ? Number(places) : options;
  return {
    ...(most < options ? { places: most } : {}), ...(Number(least) > 0 && Number(least) < most ? { least: Number(least) } : {}), shuffled: shuffled !== false,
  };
}

function Fields({ settings, options, change }: FieldsProps) {
  const all = Math.max(fewest, options.length);
  const { places = 0, least = 0, shuffled } = settingsOf(settings, all);
  const choice = (name: string, label: string, value: unknown, none: string, up: number, text: (value: number) => string) => (
    <div class="field">
      <label for={`ranking-${name}`}>{label}</label>
      <select id={`ranking-${name}`} class="input" value={`${value}`} onChange={(event) => change({ [name]: Number(event.currentTarget.value) })}>
        <option value="0">{none}</option>
        {Array.from({ length: up }, (_, i) => <option key={i} value={`${i + 1}`}>{text(i + 1)}</option>)}
      </select>
    </div>
  );
  return (
    <>
      {choice('places', t.places, places, t.all, all - 1, (value) => count(t.top, value))}
      {choice('least', t.least, least, t.leastAll, (Number(places) || all) - 1, number)}
      <label class="check">
        <input type="checkbox" checked={shuffled === true} onChange={(event) => change({ shuffled: event.currentTarget.checked })} /> {t.shuffled}
      </label>
    </>
  );
}

export const ranking: HostKind = {
  name: t.name,
  options: { least: fewest, most: 10, legend: host.options, hint: host.optionsHint },
  defaults: { shuffled: true },
  Fields,
  settingsOf,
  facts: (settings, options) => {
    const { places, least, shuffled } = settingsOf(settings, options);
    return [
      t.name, ...(places ? [count(t.top, Number(places))] : []), ...(least ? [count(t.atLeast, Number(least))] : []), ...(shuffled ? [t.mixed] : []),
    ];
  },
  Answer,
  hint,
  Result,
  plain,
};
