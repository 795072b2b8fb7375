import { number } from '../../messages/text';
import { motion as t } from '#messages/motion';
import { Bar } from '../../ui/Bar';
import { adjusted, sharesOf } from '../../ui/shares';
import { spoken } from '../../ui/spoken';
import type { AnswerProps } from '../parts';
import { classOf, Mark } from './Mark';
import { choices, offered } from './rule';

/** A large button per choice. */
export function Answer({ poll, tally, answer, locked, choose }: AnswerProps) {
  const shares = tally && sharesOf(tally.counts, tally.voters, true);
  return (
    <>
      <ul class="options motion" aria-labelledby={`q-${poll.id}`}>
        {offered(poll).map((i) => (
          <li key={i}>
            <button class={`option ${classOf(i)}`} type="button" aria-pressed={answer.choices?.[0] === i} aria-disabled={locked} onClick={() => choose({ choices: [i] })}>
              <Mark choice={i} />
              <span class="option-text">{t[choices[i]!]}</span>
              {shares && <>
                <span class="option-share numbers">
                  <span aria-hidden="true">{shares[i]!.percent} <small>{number(shares[i]!.count)}</small></span>
                  <span class="unseen">{spoken(shares[i]!.count, shares[i]!.percent)}</span>
                </span>
                <Bar share={shares[i]!.share} option={i} />
              </>}
            </button>
          </li>
        ))}
      </ul>
      {/* Keeps its space, so that the layout does not move while votes arrive. */}
      {poll.resultsVisible && <p class="adjusted muted">{tally ? adjusted(tally.counts, tally.voters, true) : ''}</p>}
    </>
  );
}
