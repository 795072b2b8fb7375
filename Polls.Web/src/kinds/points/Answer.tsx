import { count, fill, number, sentences } from '../../messages/text';
import { points as t } from '#messages/points';
import { texts } from '../../messages/texts';
import type { PollView } from '../../contract/types';
import { latinDigits } from '../../live/typing';
import { announce } from '../../ui/announce';
import { Bar } from '../../ui/Bar';
import { Drawing, paths } from '../../ui/Icon';
import type { AnswerProps } from '../parts';
import { budgetOf, split, sumOf } from './budget';
import { Result } from './Result';

const common = texts('common');
const long = 48;
const digits = 4;
const pages = 5;
const minus = 'M5 12h14';

export function hint({ settings }: PollView): string {
  const { points, spendAll } = budgetOf(settings);
  return count(spendAll ? t.hint : t.hintUpTo, points);
}

/** What remains, and per option a number with buttons for less and more. */
export function Answer({ poll, tally, answer, locked, choose, send }: AnswerProps) {
  const budget = budgetOf(poll.settings);
  const { points, step } = budget;
  const given = poll.options.map((_, i) => answer.points?.[i] ?? 0);
  const left = points - sumOf(given);
  const give = (all: number[], note = ''): void => choose(sumOf(all) > 0 ? { points: all } : {}, note);
  const set = (option: number, value: number): number[] => given.map((before, i) => (i === option ? value : before));
  const add = (option: number, steps: number): void => {
    if (locked) return choose(answer);
    if (steps > 0 && left < step) return give(given, t.noneLeft);
    // To the next multiple of the step, if something else was typed.
    const aimed = step * (steps > 0 ? Math.floor(given[option]! / step) + steps : Math.ceil(given[option]! / step) + steps);
    const value = Math.max(0, Math.min(aimed, given[option]! + Math.max(0, left)));
    announce(sentences(poll.options[option]!, fill(t.now, { given: value, left: left + given[option]! - value })));
    give(set(option, value));
  };
  const write = (event: Event, option: number): void => {
    const field = event.currentTarget as HTMLInputElement;
    if ((event as InputEvent).isComposing) return;
    const value = Number(latinDigits(field.value).replace(/\D/g, '').slice(0, digits));
    field.value = value > 0 ? `${value}` : '';
    give(set(option, value));
  };
  const press = (event: KeyboardEvent, option: number): void => {
    if (event.key === 'Enter') return send();
    const by = { ArrowUp: 1, ArrowDown: -1, PageUp: pages, PageDown: -pages }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    add(option, by);
  };
  const button = (kind: 'more' | 'less', path: string, option: number, steps: number, off: boolean) => (
    <button class={`give-do give-${kind}`} type="button" aria-label={fill(t[kind], { option: poll.options[option]! })} aria-disabled={locked || off}
      onClick={() => add(option, steps)}><Drawing path={path} /></button>
  );
  return (
    <>
      <div class="give">
        <div class="give-head">
          <p class={`give-left numbers${left < 0 ? ' bad' : ''}`}>{left < 0 ? count(t.over, -left) : fill(t.remaining, { left, all: points })}</p>
          <button class="button split" type="button" aria-disabled={locked} onClick={() => {
            if (locked) return choose(answer);
            announce(fill(t.remaining, { left: 0, all: points }));
            give(split(given.length, budget));
          }}>{t.split}</button>
        </div>
        <ul class="give-list" aria-labelledby={`q-${poll.id}`}>
          {poll.options.map((option, i) => (
            <li key={i} class={`give-row hue-${i % 8}${option.length > long ? ' long' : ''}`}>
              <span class="option-text" dir="auto">{option}</span>
              <span class="give-controls">
                {button('less', minus, i, -1, given[i] === 0)}
                <input class="input numbers" role="spinbutton" inputMode="numeric" enterKeyHint="send" autoComplete="off" placeholder={number(0)} aria-label={fill(t.pointsFor, { option })}
                  aria-valuenow={given[i]!} aria-valuemin={0} aria-valuemax={points} value={given[i] || ''} readOnly={locked} aria-disabled={locked}
                  onInput={(event) => write(event, i)} onCompositionEnd={(event) => write(event, i)} onKeyDown={(event) => press(event, i)} />
                {button('more', paths.plus, i, 1, left < step)}
              </span>
              <Bar share={Math.min(1, given[i]! / points)} option={i} />
            </li>
          ))}
        </ul>
      </div>
      {tally && <section class="live-result"><h2>{common.results}</h2><Result poll={poll} tally={tally} mine={answer} /></section>}
    </>
  );
}
