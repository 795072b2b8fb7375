import { useRef } from 'preact/hooks';
import { decimal, fill, number } from '../../messages/text';
import { ranking as t } from '#messages/ranking';
import { Bar } from '../../ui/Bar';
import { useFlip } from '../../ui/flip';
import { Icon } from '../../ui/Icon';
import type { ResultProps } from '../parts';
import { averageText, differs, explain, orderIn } from './figures';

/** The options in the order of their points, with the person's own places. */
export function Result({ poll, tally, mine }: ResultProps) {
  const order = orderIn(poll, tally);
  const { ranked, winner, most } = order;
  const voters = tally?.voters ?? 0;
  const list = useRef<HTMLOListElement>(null);
  useFlip(list, ranked.map(({ option }) => option).join());
  return (
    <div class="ranking-result">
      <ol class="result-list" ref={list}>
        {ranked.map(({ option, place, points, average }) => (
          <li key={option} data-flip={option} class={`result-row hue-${option % 8}${voters > 0 && place === 1 ? ' leads' : ''}`}>
            <span class="option-letter numbers"><span class="unseen">{voters > 0 ? fill(t.place, { place }) : ''}</span><span aria-hidden="true">{voters > 0 ? number(place) : '–'}</span></span>
            <span class="result-text">
              <span dir="auto">{poll.options[option]}</span>
              {option === winner && <em class="wins"><Icon name="check" /> {t.wins}</em>}
              {mine?.ranking?.includes(option) && <em class="mine-mark"><Icon name="check" /> {fill(t.yourPlace, { place: mine.ranking.indexOf(option) + 1 })}</em>}
            </span>
            <span class="option-share numbers">
              <span aria-hidden="true">{average === undefined ? '–' : decimal(average)} <small>{number(points)}</small></span>
              <span class="unseen">{averageText(average, points)}</span>
            </span>
            <Bar share={voters > 0 ? points / (voters * most) : 0} option={option} />
          </li>
        ))}
      </ol>
      {order.differs && <p class="differs">{differs(poll, order)}</p>}
      <p class="explain muted">{explain(most)}</p>
    </div>
  );
}
