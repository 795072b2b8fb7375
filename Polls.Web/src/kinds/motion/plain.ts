import { number, sentences } from '../../messages/text';
import { motion as t } from '#messages/motion';
import { texts } from '../../messages/texts';
import type { PollView, Tally } from '../../contract/types';
import { sharesOf, type Share } from '../../ui/shares';
import { spoken } from '../../ui/spoken';
import type { Plain } from '../parts';
import { choices, conditions, offered, verdict } from './rule';

const common = texts('common');

const results = (poll: PollView, tally: Tally | undefined): (Share & { name: string })[] => {
  const shares = sharesOf(tally?.counts ?? [0, 0, 0], tally?.voters ?? 0, true);
  return offered(poll).map((i) => ({ ...shares[i]!, name: t[choices[i]!] }));
};

/** What was decided, and why; what is needed while the motion is not closed. */
const rule = (poll: PollView, tally: Tally | undefined): string => {
  if (poll.state !== 'closed') return sentences(...conditions(poll));
  const { outcome, reason } = verdict(poll, tally);
  return sentences(t[outcome], reason);
};

const sentence = ({ name, count, percent }: Share & { name: string }): string => sentences(name, spoken(count, percent));

export const plain: Plain = {
  lead: (poll, tally) => (poll.state === 'closed' ? rule(poll, tally) : results(poll, tally).map(sentence).join(' ')),
  spoken: (poll, tally) => [...(poll.state === 'closed' ? [rule(poll, tally)] : []), ...results(poll, tally).map(sentence)],
  tables: (poll, tally) => [{
    caption: rule(poll, tally),
    head: [common.option, common.votesColumn, common.shareColumn],
    rows: results(poll, tally).map(({ name, count, percent }) => ({ name, cells: [number(count), percent || '–'] })),
  }],
};
