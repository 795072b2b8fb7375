import { count, fill } from '../../messages/text';
import { motion as t } from '#messages/motion';
import type { PollView, Tally } from '../../contract/types';
import { decide, neededOf, type Base, type Decision, type Majority, type Rule } from './outcome';

export const choices = ['yes', 'no', 'abstain'] as const;

/** What can be chosen, as indexes of choices. */
export const offered = ({ settings }: PollView): number[] => (settings.abstain === false ? [0, 1] : [0, 1, 2]);

const given = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

export const ruleOf = ({ settings: { base = 'yesNo', majority = 'simple', quorum, entitled }, entitled: frozen }: Pick<PollView, 'settings' | 'entitled'>): Rule => ({
  base: base as Base, majority: majority as Majority, quorum: given(quorum), entitled: frozen ?? given(entitled),
});

const ruleText = ({ majority, base }: Rule): string => t[`${majority}_${base}`];

/** What is needed, in a few words each. */
export function conditions(poll: PollView): string[] {
  const rule = ruleOf(poll);
  const { base, majority, quorum, entitled } = rule;
  const isKnown = base === 'entitled' && entitled !== undefined;
  return [
    isKnown ? fill(t.neededVotes, { rule: ruleText(rule), needed: neededOf(majority, entitled) }) : fill(t.needed, { rule: ruleText(rule) }),
    ...(isKnown ? [fill(t.entitledAre, { entitled })] : []), ...(quorum === undefined ? [] : [fill(t.quorumIs, { quorum })]),
  ];
}

/** What a closed motion's votes have decided, and why: the outcome, then the reason. */
export function verdict(poll: PollView, tally: Tally | undefined): { outcome: Decision['outcome']; reason: string } {
  const rule = ruleOf(poll);
  const [counts, voters] = [tally?.counts ?? [], tally?.voters ?? 0];
  const { outcome, total, needed } = decide(rule, counts, voters);
  return {
    outcome,
    reason: outcome === 'notQuorate' ? count(t.tooFew, voters, { quorum: rule.quorum! })
      : outcome === 'noResult' ? t[`nothing_${rule.base}`]
      : count(rule.base === 'entitled' ? t.decidedByEntitled : t.decided, counts[0] ?? 0, { total, rule: ruleText(rule), needed }),
  };
}
