import { sentences } from '../../messages/text';
import { motion as t } from '#messages/motion';
import { sharesOf } from '../../ui/shares';
import { spoken } from '../../ui/spoken';
import type { PhoneKind } from '../parts';
import { Answer } from './Answer';
import { hint } from './hint';
import { Result } from './Result';
import { choices, offered, verdict } from './rule';

export default {
  atOnce: () => true,
  hint,
  Answer,
  Result,
  words: (_, { choices: [choice] = [] }) => t[choices[choice!]!],
  spoken: (poll, tally) => {
    const { outcome, reason } = verdict(poll, tally);
    const shares = sharesOf(tally.counts, tally.voters, true);
    return [
      ...(poll.state === 'closed' ? [`${t[outcome]} ${reason}`] : []),
      ...offered(poll).map((i) => sentences(t[choices[i]!], spoken(shares[i]!.count, shares[i]!.percent))),
    ];
  },
} satisfies PhoneKind;
