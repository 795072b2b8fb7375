import { count, number, sentences } from '../../messages/text';
import { wordCloud as t } from '#messages/wordCloud';
import { texts } from '../../messages/texts';
import type { Tally } from '../../contract/types';
import { sharesOf, type Share } from '../../ui/shares';
import type { Plain } from '../parts';

const common = texts('common');

/** The words that most people gave, as far as they are sent. */
export function wordsOf(tally: Tally | undefined): (Share & { n: number; text: string })[] {
  const items = (tally?.entries?.items ?? []).filter(({ state }) => !state || state === 'shown');
  const shares = sharesOf(items.map((item) => item.count), tally?.voters ?? 0, false);
  return items.map(({ n, text }, i) => ({ ...shares[i]!, n, text }));
}

const sentence = ({ text, count: people, percent }: Share & { text: string }): string => sentences(text, count(t.people, people), percent);

export const plain: Plain = {
  lead: (_, tally) => wordsOf(tally).slice(0, 1).map(sentence).join(''),
  spoken: (_, tally) => wordsOf(tally).slice(0, 10).map(sentence),
  tables: (_, tally) => [{
    ...(tally?.entries?.others ? { caption: count(t.others, tally.entries.others) } : {}),
    head: [t.wordColumn, t.peopleColumn, common.shareColumn],
    rows: wordsOf(tally).map(({ text, count: people, percent }) => ({ name: text, cells: [number(people), percent || '–'] })),
  }],
};
