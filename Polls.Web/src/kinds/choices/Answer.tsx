import { fill, number } from '../../messages/text';
import { texts } from '../../messages/texts';
import { Bar } from '../../ui/Bar';
import { Icon } from '../../ui/Icon';
import { letter } from '../../ui/letter';
import { spoken } from '../../ui/spoken';
import type { PollView } from '../../contract/types';
import type { AnswerProps } from '../parts';
import { about, shares } from './shares';

const common = texts('common');

const most = ({ settings, options }: PollView): number => Number(settings.maxChoices) || options.length;

export const hint = (poll: PollView): string =>
  poll.kind === 'singleChoice' ? common.chooseOne : most(poll) < poll.options.length ? fill(common.chooseMany, { max: most(poll) }) : common.chooseAny;

/** A button per option. */
export function Answer({ poll, tally, answer: { choices = [] }, locked, choose }: AnswerProps) {
  const results = shares(poll, tally);
  const press = (option: number): void => {
    if (poll.kind === 'singleChoice') choose({ choices: [option] });
    else if (choices.includes(option)) choose({ choices: choices.filter((other) => other !== option) });
    else if (choices.length >= most(poll)) choose({ choices }, fill(common.tooMany, { max: most(poll) }));
    else choose({ choices: [...choices, option].sort((a, b) => a - b) });
  };
  return (
    <>
      <ul class={`options${poll.options.length > 6 ? ' many' : ''}`} aria-labelledby={`q-${poll.id}`}>
        {poll.options.map((option, i) => (
          <li key={i}>
            <button class={`option hue-${i % 8}`} type="button" aria-pressed={choices.includes(i)} aria-disabled={locked} onClick={() => press(i)}>
              <span class="option-letter" aria-hidden="true">{choices.includes(i) ? <Icon name="check" /> : letter(i)}</span>
              <span class="option-text" dir="auto">{option}</span>
              {tally && <span class="option-share numbers">
                <span aria-hidden="true" key={`${results[i]!.percent} ${results[i]!.count}`}>{results[i]!.percent} <small>{number(results[i]!.count)}</small></span>
                <span class="unseen">{spoken(results[i]!.count, results[i]!.percent)}</span>
              </span>}
              {tally && <Bar share={results[i]!.share} option={i} />}
            </button>
          </li>
        ))}
      </ul>
      {/* Keeps its space, so that the layout does not move while votes arrive. */}
      {poll.resultsVisible && <p class="adjusted muted">{about(poll, tally)}</p>}
    </>
  );
}
