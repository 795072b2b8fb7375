import type { PollView, Tally } from '../contract/types';
import { count, number, percent } from '../messages/text';
import { texts } from '../messages/texts';
import { Bar } from '../ui/Bar';
import { letter, shares } from '../ui/shares';

const common = texts('common');

/** The options with their bars; only the options while the tally is hidden. */
export function Chart({ poll, tally }: { poll: PollView; tally: Tally | undefined }) {
  const options = poll.options.length;
  return (
    <ol class={`chart${tally ? '' : ' bare'}${options > 10 ? ' dense' : options > 5 ? ' snug' : ''}`} style={{ '--half': `${Math.ceil(options / 2)}` }}>
      {shares(poll, tally).map(({ count: votes, share, leads }, i) => (
        <li key={i} class={`chart-row hue-${i % 8}${leads ? ' leads' : ''}`}>
          <span class="option-letter" aria-hidden="true">{letter(i)}</span>
          <span class="chart-text" dir="auto">{poll.options[i]}</span>
          {tally && <>
            <span class="chart-share numbers">
              <span aria-hidden="true"><b>{percent(share)}</b> <small>{number(votes)}</small></span>
              <span class="unseen">{count(common.share, votes, { percent: percent(share) })}</span>
            </span>
            <Bar share={share} option={i} />
          </>}
        </li>
      ))}
    </ol>
  );
}
