import { decimal, number, sentences } from '../../messages/text';
import { points as t } from '#messages/points';
import { texts } from '../../messages/texts';
import { letter } from '../../ui/letter';
import type { Plain } from '../parts';
import { adjustedPoints, pointsOf, spokenPoints } from './figures';

const common = texts('common');

export const plain: Plain = {
  lead: (poll, tally) => plain.spoken(poll, tally)[pointsOf(poll, tally).findIndex(({ leads }) => leads)] ?? '',
  spoken: (poll, tally) => pointsOf(poll, tally).map((result, i) => sentences(poll.options[i]!, spokenPoints(result))),
  tables: (poll, tally) => [{
    caption: sentences(t.explain, adjustedPoints(poll, tally)),
    head: [common.option, common.shareColumn, t.pointsColumn, t.averageColumn, t.peopleColumn],
    rows: pointsOf(poll, tally).map(({ percent, count, mean, supporters }, i) => ({
      letter: letter(i), name: poll.options[i]!, cells: [percent || '–', number(count), mean === undefined ? '–' : decimal(mean), number(supporters)],
    })),
  }],
};
