import { number } from '../../messages/text';
import { motion as t } from '#messages/motion';
import { Bar } from '../../ui/Bar';
import { sharesOf } from '../../ui/shares';
import { spoken } from '../../ui/spoken';
import type { ChartProps } from '../parts';
import { classOf, Mark } from './Mark';
import { choices, offered } from './rule';
import { Verdict } from './Verdict';

/** The rule, or what was decided; then the choices with their bars, or only the choices while the tally is hidden. */
export function Chart({ poll, tally }: ChartProps) {
  const shares = tally && sharesOf(tally.counts, tally.voters, true);
  return (
    <>
      <Verdict poll={poll} tally={tally} isShown={tally !== undefined} />
      <ol class={`chart motion${tally ? '' : ' bare'}`} style={{ '--half': '2' }}>
        {offered(poll).map((i) => (
          <li key={i} class={`chart-row ${classOf(i)}${shares?.[i]!.leads ? ' leads' : ''}`}>
            <Mark choice={i} />
            <span class="chart-text">{t[choices[i]!]}</span>
            {shares && <>
              <span class="chart-share numbers">
                <span aria-hidden="true"><b>{shares[i]!.percent}</b> <small>{number(shares[i]!.count)}</small></span>
                <span class="unseen">{spoken(shares[i]!.count, shares[i]!.percent)}</span>
              </span>
              <Bar share={shares[i]!.share} option={i} />
            </>}
          </li>
        ))}
      </ol>
    </>
  );
}
