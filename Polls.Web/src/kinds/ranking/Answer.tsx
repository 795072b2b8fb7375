import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { count, fill, number, sentences } from '../../messages/text';
import { ranking as t } from '#messages/ranking';
import { texts } from '../../messages/texts';
import type { PollView } from '../../contract/types';
import { announce } from '../../ui/announce';
import { useFlip } from '../../ui/flip';
import { Drawing, paths } from '../../ui/Icon';
import type { AnswerProps } from '../parts';
import { placesOf } from './order';
import { Result } from './Result';
import { shuffle } from './shuffle';

const common = texts('common');
const long = 48;
const remove = 'M6 6l12 12M18 6L6 18';

export function hint(poll: PollView): string {
  const { most, least } = placesOf(poll);
  return least < most ? fill(t.hintRange, { least, most }) : most < poll.options.length ? count(t.hintTop, most) : t.hint;
}

/** The ranked options on top, in order, with their buttons; below them the others, to be tapped. */
export function Answer({ poll, tally, answer, participant, locked, choose }: AnswerProps) {
  const { ranking = [] } = answer;
  const { most } = placesOf(poll);
  const shown = poll.settings.shuffled === false || !participant ? poll.options.map((_, i) => i) : shuffle(poll.options.length, `${participant} ${poll.id}`);
  const rest = shown.filter((option) => !ranking.includes(option));
  const lists = useRef<HTMLDivElement>(null);
  const dragged = useSignal<number | undefined>(undefined);
  /** The button that has the focus next, as its data-do. */
  const next = useRef('');
  const now = useRef(ranking);
  now.current = ranking;
  useFlip(lists, ranking.join());
  useLayoutEffect(() => {
    lists.current?.querySelector<HTMLElement>(`[data-do="${next.current}"]`)?.focus({ preventScroll: true });
    next.current = '';
  }, [ranking.join()]);

  const rank = (order: number[]): void => choose(order.length > 0 ? { ranking: order } : {});
  const tell = (text: string, option: number, place = 0): void => announce(sentences(poll.options[option]!, fill(text, { place })));
  const add = (option: number): void => {
    if (locked) return choose(answer);
    if (ranking.length >= most) return choose(answer, fill(t.tooMany, { most }));
    const after = rest[rest.indexOf(option) + 1] ?? rest.find((other) => other !== option);
    next.current = after === undefined || ranking.length + 1 === most ? `up ${option}` : `add ${after}`;
    tell(t.ranked, option, ranking.length + 1);
    rank([...ranking, option]);
  };
  const take = (at: number): void => {
    if (locked) return choose(answer);
    const option = ranking[at]!;
    const after = ranking[at + 1] ?? ranking[at - 1];
    next.current = after === undefined ? `add ${option}` : `remove ${after}`;
    tell(t.removed, option);
    rank(ranking.filter((other) => other !== option));
  };
  const move = (option: number, to: number, by?: string): void => {
    if (locked) return choose(answer);
    const order = now.current.filter((other) => other !== option);
    if (to < 0 || to > order.length) return;
    order.splice(to, 0, option);
    if (by) next.current = `${by} ${option}`;
    tell(t.ranked, option, to + 1);
    rank(order);
  };
  /** A row that is dragged takes the place of the one that it is moved over. */
  const drag = (event: PointerEvent, option: number): void => {
    if (locked || event.button !== 0) return;
    event.preventDefault();
    dragged.value = option;
    const follow = ({ clientY }: PointerEvent): void => {
      const list = lists.current?.firstElementChild;
      if (!list) return;
      const y = clientY - list.getBoundingClientRect().top;
      // Where the rows will be: they may still be moving there.
      const rows = [...list.children].map((row) => row as HTMLElement).map(({ offsetTop, offsetHeight }) => ({ top: offsetTop, bottom: offsetTop + offsetHeight, height: offsetHeight }));
      const [from, to] = [now.current.indexOf(option), rows.findIndex(({ top, bottom }) => y >= top && y < bottom)];
      if (to < 0 || from < 0 || from === to) return;
      // Not where it would be moved back at once, because the other row is higher.
      if ((from < to ? rows[to]!.bottom - y : y - rows[to]!.top) < rows[from]!.height) move(option, to);
    };
    const drop = (): void => {
      dragged.value = undefined;
      removeEventListener('pointermove', follow);
      removeEventListener('pointerup', drop);
      removeEventListener('pointercancel', drop);
    };
    addEventListener('pointermove', follow);
    addEventListener('pointerup', drop);
    addEventListener('pointercancel', drop);
  };
  const button = (icon: string, name: string, text: string, option: number, off: boolean, press: () => void) => (
    <button class="rank-do" type="button" data-do={`${name} ${option}`} aria-label={fill(text, { option: poll.options[option]! })} aria-disabled={locked || off}
      onClick={() => off || press()}><Drawing path={icon} /></button>
  );
  return (
    <>
      <div class="rank" ref={lists}>
        <ol class="rank-list" aria-label={t.chosen}>
          {ranking.map((option, at) => (
            <li key={option} data-flip={option} class={`ranked${dragged.value === option ? ' dragged' : ''}${poll.options[option]!.length > long ? ' long' : ''}`}>
              <span class="rank-name" onPointerDown={(event) => drag(event, option)}>
                <span class="rank-place numbers" aria-hidden="true">{number(at + 1)}</span>
                <span class="option-text" dir="auto">{poll.options[option]}</span>
              </span>
              <span class="rank-buttons">
                {button(paths.up, 'up', t.up, option, at === 0, () => move(option, at - 1, 'up'))}
                {button(paths.down, 'down', t.down, option, at === ranking.length - 1, () => move(option, at + 1, 'down'))}
                {button(remove, 'remove', t.remove, option, false, () => take(at))}
              </span>
            </li>
          ))}
        </ol>
        <ul class="rank-list" aria-label={t.rest}>
          {rest.map((option) => (
            <li key={option} data-flip={option}>
              <button class="option unranked" type="button" data-do={`add ${option}`} aria-disabled={locked} onClick={() => add(option)}>
                <span class="rank-place" aria-hidden="true" />
                <span class="option-text" dir="auto">{poll.options[option]}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
      {tally && <section class="live-result"><h2>{common.results}</h2><Result poll={poll} tally={tally} mine={answer} /></section>}
    </>
  );
}
