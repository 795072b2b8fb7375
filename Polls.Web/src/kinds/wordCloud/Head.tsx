import type { Tally } from '../../contract/types';
import { keyOf } from '../../live/answers';
import { count, number } from '../../messages/text';
import { wordCloud as t } from '#messages/wordCloud';
import { Bar } from '../../ui/Bar';
import { MineMark } from '../../ui/MineMark';
import { ofPeople } from '../../ui/shares';
import { wordsOf } from './plain';

/** The words that most people gave, with how many, and what the rest adds up to. */
export function Head({ tally, mine }: { tally: Tally | undefined; mine: readonly string[] }) {
  const words = wordsOf(tally);
  const most = Math.max(1, ...words.map((word) => word.count));
  const own = new Set(mine.map(keyOf));
  const others = tally?.entries?.others ?? 0;
  return words.length === 0 ? <p class="muted">{t.noWords}</p> : (
    <>
      <ol class="word-list">
        {words.map(({ n, text, count: people, percent }) => (
          <li key={n} class="word-row">
            <span class="word-text"><bdi>{text}</bdi>{own.has(keyOf(text)) && <MineMark />}</span>
            <span class="option-share numbers"><span aria-hidden="true">{percent} <small>{number(people)}</small></span><span class="unseen">{count(t.people, people)}, {percent}</span></span>
            <Bar share={people / most} option={0} />
          </li>
        ))}
      </ol>
      {others > 0 && <p class="muted numbers">{count(t.others, others)}</p>}
      <p class="adjusted muted">{ofPeople(tally?.voters ?? 0)}</p>
    </>
  );
}
