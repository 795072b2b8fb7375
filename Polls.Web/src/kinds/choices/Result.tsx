import { number } from '../../messages/text';
import { Bar } from '../../ui/Bar';
import { MineMark } from '../../ui/MineMark';
import { letter } from '../../ui/letter';
import { spoken } from '../../ui/spoken';
import type { ResultProps } from '../parts';
import { about, shares } from './shares';

/** A result as text, numbers and bars, with the participant's choices marked. */
export function Result({ poll, tally, mine }: ResultProps) {
  const why = about(poll, tally);
  return (
    <>
      <ol class="result-list">
        {shares(poll, tally).map(({ count: votes, share, percent, leads }, i) => (
          <li key={i} class={`result-row hue-${i % 8}${leads ? ' leads' : ''}`}>
            <span class="option-letter" aria-hidden="true">{letter(i)}</span>
            <span class="result-text">
              <span dir="auto">{poll.options[i]}</span>
              {mine?.choices?.includes(i) && <MineMark />}
            </span>
            <span class="option-share numbers">
              <span aria-hidden="true">{percent} <small>{number(votes)}</small></span>
              <span class="unseen">{spoken(votes, percent)}</span>
            </span>
            <Bar share={share} option={i} />
          </li>
        ))}
      </ol>
      {why && <p class="adjusted muted">{why}</p>}
    </>
  );
}
