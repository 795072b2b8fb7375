import { decimal, fill, number, sentences } from '../../messages/text';
import { ranking as t } from '#messages/ranking';
import { texts } from '../../messages/texts';
import type { PollView } from '../../contract/types';
import { letter } from '../../ui/letter';
import type { Table } from '../../ui/Tables';
import type { Plain } from '../parts';
import { averageText, differs, orderIn } from './figures';
import type { Order, Ranked } from './order';

const common = texts('common');

const sentence = (poll: PollView, { option, place, average, points }: Ranked, winner: number | undefined): string => sentences(
  fill(t.ranked, { option: poll.options[option]!, place }), averageText(average, points), option === winner ? t.wins : '');

/** Direct comparisons of each option with each other one. */
function pairs({ options }: PollView, { prefer }: Order): Table {
  const all = options.map((_, option) => option);
  return {
    caption: t.pairs,
    head: [common.option, ...all.map(letter)],
    rows: all.map((option) => ({
      letter: letter(option), name: options[option]!, cells: all.map((other) => (option === other ? '' : number(prefer(option, other)))),
      more: all.map((other) => option !== other && prefer(option, other) > prefer(other, option)),
    })),
  };
}

export const plain: Plain = {
  lead: (poll, tally) => {
    const { ranked, winner } = orderIn(poll, tally);
    return sentence(poll, ranked[0]!, winner);
  },
  spoken: (poll, tally) => {
    const order = orderIn(poll, tally);
    return [...order.ranked.map((one) => sentence(poll, one, order.winner)), ...(order.differs ? [differs(poll, order)] : [])];
  },
  tables: (poll, tally) => {
    const order = orderIn(poll, tally);
    const voted = (tally?.voters ?? 0) > 0;
    return [
      {
        caption: t.perPlace,
        head: [common.option, t.placeColumn, t.averageColumn, t.pointsColumn, ...order.ranked[0]!.counts.map((_, place) => fill(t.place, { place: place + 1 }))],
        rows: order.ranked.map(({ option, place, average, points, counts }) => ({
          letter: letter(option), name: poll.options[option]!,
          cells: [voted ? number(place) : '–', average === undefined ? '–' : decimal(average), number(points), ...counts.map(number)],
        })),
      },
      pairs(poll, order),
    ];
  },
};
