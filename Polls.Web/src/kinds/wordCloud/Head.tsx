import type { Entries } from '../../contract/types';
import { keyOf } from '../../live/answers';
import { count, number } from '../../messages/text';
import { wordCloud as t } from '#messages/wordCloud';
import { Bar } from '../../ui/Bar';
import { MineMark } from '../../ui/MineMark';

/** The words that most people gave, with their counts, and what the rest adds up to. */
export function Head({ entries: { items, others }, mine }: { entries: Entries; mine: readonly string[] }) {
  const shown = items.filter(({ state }) => !state || state === 'shown');
  const most = Math.max(1, ...shown.map((item) => item.count));
  const own = new Set(mine.map(keyOf));
  return shown.length === 0 ? <p class="muted">{t.noWords}</p> : (
    <>
      <ol class="word-list">
        {shown.map(({ n, text, count: people }) => (
          <li key={n} class="word-row">
            <span class="word-text"><bdi>{text}</bdi>{own.has(keyOf(text)) && <MineMark />}</span>
            <span class="numbers"><span aria-hidden="true">{number(people)}</span><span class="unseen">{count(t.people, people)}</span></span>
            <Bar share={people / most} option={0} />
          </li>
        ))}
      </ol>
      {others > 0 && <p class="muted numbers">{count(t.others, others)}</p>}
    </>
  );
}
