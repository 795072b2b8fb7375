import { number, sentences } from '../../messages/text';
import { texts } from '../../messages/texts';
import { letter } from '../../ui/letter';
import { spoken } from '../../ui/spoken';
import type { Plain } from '../parts';
import { shares } from './shares';

const common = texts('common');

export const plain: Plain = {
  lead: (poll, tally) => plain.spoken(poll, tally)[shares(poll, tally).findIndex(({ leads }) => leads)] ?? '',
  spoken: (poll, tally) => shares(poll, tally).map(({ count, percent }, i) => sentences(poll.options[i]!, spoken(count, percent))),
  tables: (poll, tally) => [{
    head: [common.option, common.votesColumn, common.shareColumn],
    rows: shares(poll, tally).map(({ count, percent }, i) => ({ letter: letter(i), name: poll.options[i]!, cells: [number(count), percent || '–'] })),
  }],
};
