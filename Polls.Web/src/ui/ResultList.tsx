import type { PollView, Tally } from '../contract/types';
import { number } from '../messages/text';
import { Bar } from './Bar';
import { Icon } from './Icon';
import { Adjusted, spoken } from './ShareText';
import { letter, shares } from './shares';

/** A result as text, numbers and bars, with the participant's choices marked. */
export function ResultList({ poll, tally, mine = [], mineText = '' }: { poll: PollView; tally: Tally | undefined; mine?: number[]; mineText?: string }) {
  return (
    <>
    <ol class="result-list">
      {shares(poll, tally).map(({ count: votes, share, percent, leads }, i) => (
        <li key={i} class={`result-row hue-${i % 8}${leads ? ' leads' : ''}`}>
          <span class="option-letter" aria-hidden="true">{letter(i)}</span>
          <span class="result-text">
            <span dir="auto">{poll.options[i]}</span>
            {mine.includes(i) && <em class="mine-mark"><Icon name="check" /> {mineText}</em>}
          </span>
          <span class="option-share numbers">
            <span aria-hidden="true">{percent} <small>{number(votes)}</small></span>
            <span class="unseen">{spoken(votes, percent)}</span>
          </span>
          <Bar share={share} option={i} />
        </li>
      ))}
    </ol>
    <Adjusted poll={poll} tally={tally} />
    </>
  );
}
