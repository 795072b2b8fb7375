import { decimal, fill } from '../../messages/text';
import { rating as t } from '#messages/rating';
import { sharesOf } from '../../ui/shares';
import type { Rating } from './scale';

/** What the three shares of a net promoter score are called. */
export const groups = ['low', 'middle', 'high'] as const;
const scores = new Intl.NumberFormat(document.documentElement.lang || 'en', { signDisplay: 'exceptZero' });
const signed = (score: number): string => scores.format(score);

/** The figures of a rating in words; without votes, dashes. */
export const figures = ({ mean, median, nps }: Rating): string[] => [
  ...(nps ? [fill(t.nps, { score: signed(nps.score) })] : []),
  fill(t.mean, { value: mean === undefined ? '–' : decimal(mean) }), fill(t.median, { value: median === undefined ? '–' : decimal(median) }),
];

/** The main figure, large, and the others beside it; of a net promoter score, its three shares as well. */
export function Figures({ rating }: { rating: Rating }) {
  const { nps, mean, scale, voters } = rating;
  const [, ...others] = figures(rating);
  return (
    <div class="figures">
      <p class="figure">
        <b class="numbers">{nps ? signed(nps.score) : mean === undefined ? '–' : decimal(mean)}</b>
        <span class="muted">{nps ? t.npsName : fill(t.ofMax, { max: scale.max })}</span>
      </p>
      <p class="figure-others muted">{(nps ? others : others.slice(-1)).map((text) => <span key={text} class="numbers">{text}</span>)}</p>
      {nps && (
        <ul class="nps-shares">
          {sharesOf(nps.groups, voters, true).map(({ share, percent }, i) => (
            <li key={i} class={groups[i]} style={{ '--share': `${share}` }}><span>{t[groups[i]!]}</span> <b class="numbers">{percent}</b></li>
          ))}
        </ul>
      )}
    </div>
  );
}
