import { number } from '../../messages/text';
import { motion as t } from '#messages/motion';
import { Bar } from '../../ui/Bar';
import { MineMark } from '../../ui/MineMark';
import { adjusted, sharesOf } from '../../ui/shares';
import { spoken } from '../../ui/spoken';
import type { ResultProps } from '../parts';
import { classOf, Mark } from './Mark';
import { choices, offered } from './rule';
import { Verdict } from './Verdict';

/** What was decided, then a bar per choice, with the person's own one marked. */
export function Result({ poll, tally, mine }: ResultProps) {
  const [counts, voters] = [tally?.counts ?? [0, 0, 0], tally?.voters ?? 0];
  const shares = sharesOf(counts, voters, true);
  const why = adjusted(counts, voters, true);
  return (
    <>
      <Verdict poll={poll} tally={tally} isShown />
      <ol class="result-list motion">
        {offered(poll).map((i) => (
          <li key={i} class={`result-row ${classOf(i)}${shares[i]!.leads ? ' leads' : ''}`}>
            <Mark choice={i} />
            <span class="result-text">{t[choices[i]!]}{mine?.choices?.[0] === i && <MineMark />}</span>
            <span class="option-share numbers">
              <span aria-hidden="true">{shares[i]!.percent} <small>{number(shares[i]!.count)}</small></span>
              <span class="unseen">{spoken(shares[i]!.count, shares[i]!.percent)}</span>
            </span>
            <Bar share={shares[i]!.share} option={i} />
          </li>
        ))}
      </ol>
      {why && <p class="adjusted muted">{why}</p>}
    </>
  );
}
