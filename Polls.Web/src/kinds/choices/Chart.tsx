import { number } from '../../messages/text';
import { Bar } from '../../ui/Bar';
import { letter } from '../../ui/letter';
import { spoken } from '../../ui/spoken';
import type { ChartProps } from '../parts';
import { shares } from './shares';

/** The options with their bars; only the options while the tally is hidden. */
export function Chart({ poll, tally }: ChartProps) {
  const options = poll.options.length;
  return (
    <ol class={`chart${tally ? '' : ' bare'}${options > 10 ? ' dense' : options > 5 ? ' snug' : ''}`} style={{ '--half': `${Math.ceil(options / 2)}` }}>
      {shares(poll, tally).map(({ count: votes, share, percent, leads }, i) => (
        <li key={i} class={`chart-row hue-${i % 8}${leads ? ' leads' : ''}`}>
          <span class="option-letter" aria-hidden="true">{letter(i)}</span>
          <span class="chart-text" dir="auto">{poll.options[i]}</span>
          {tally && <>
            <span class="chart-share numbers">
              <span aria-hidden="true"><b>{percent}</b> <small>{number(votes)}</small></span>
              <span class="unseen">{spoken(votes, percent)}</span>
            </span>
            <Bar share={share} option={i} />
          </>}
        </li>
      ))}
    </ol>
  );
}
