import { fill } from '../../messages/text';
import { motion as t } from '#messages/motion';
import { NumberField } from '../NumberField';
import type { FieldsProps, HostKind, OwnSettings } from '../parts';
import { readTyped } from '../typed';
import { Answer } from './Answer';
import { hint } from './hint';
import type { Base, Majority } from './outcome';
import { plain } from './plain';
import { Result } from './Result';

const mostPeople = 1_000_000;

const majorities = { simple: t.simple, twoThirds: t.twoThirds, threeQuarters: t.threeQuarters };
const bases = { yesNo: t.baseYesNo, yesNoAbstain: t.baseYesNoAbstain, entitled: t.baseEntitled };

/** How many people, stored or typed: null if the field is empty, undefined if it has no such number. */
function peopleOf(value: unknown): number | null | undefined {
  if (!`${value ?? ''}`.trim()) return null;
  const people = typeof value === 'number' ? value : Number(readTyped(`${value}`) ?? NaN);
  return Number.isInteger(people) && people >= 1 && people <= mostPeople ? people : undefined;
}

const settingsOf = ({ base = 'yesNo', majority = 'simple', quorum, entitled, abstain }: OwnSettings) =>
  ({ base: base as Base, majority: majority as Majority, quorum: peopleOf(quorum) ?? null, entitled: peopleOf(entitled) ?? null, abstain: abstain !== false });

function Fields({ settings, faultOf, change }: FieldsProps) {
  const { base, majority, abstain } = settingsOf(settings);
  return (
    <>
      {([['majority', t.majority, majorities, majority], ['base', t.base, bases, base]] as const).map(([name, label, texts, value]) => (
        <div key={name} class="field">
          <label for={name}>{label}</label>
          <select id={name} class="input" value={value} onChange={(event) => change({ [name]: event.currentTarget.value })}>
            {Object.entries(texts).map(([one, text]) => <option key={one} value={one}>{text}</option>)}
          </select>
        </div>
      ))}
      <NumberField id="quorum" label={t.quorum} hint={t.quorumHint} value={settings.quorum} error={faultOf('quorum')} change={(quorum) => change({ quorum })} />
      <NumberField id="entitled" label={t.entitled} hint={t.entitledHint} value={settings.entitled} error={faultOf('entitled')} change={(entitled) => change({ entitled })} />
      <label class="check">
        <input type="checkbox" checked={abstain} onChange={(event) => change({ abstain: event.currentTarget.checked })} /> {t.canAbstain}
      </label>
    </>
  );
}

export const motion: HostKind = {
  name: t.name,
  defaults: { base: 'yesNo', majority: 'simple', abstain: true },
  Fields,
  settingsOf,
  fault: (settings) => {
    const field = ['quorum', 'entitled'].find((name) => peopleOf(settings[name]) === undefined);
    return field ? { field, text: fill(t.badNumber, { max: mostPeople }) } : undefined;
  },
  facts: (settings) => {
    const { base, majority, quorum, entitled, abstain } = settingsOf(settings);
    return [
      majorities[majority], bases[base], ...(quorum === null ? [] : [fill(t.quorumIs, { quorum })]), ...(entitled === null ? [] : [fill(t.entitledAre, { entitled })]),
      ...(abstain ? [] : [t.noAbstentions]),
    ];
  },
  Answer,
  hint,
  Result,
  plain,
};
