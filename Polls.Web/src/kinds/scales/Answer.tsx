import { scales as t } from '#messages/scales';
import { Values } from '../rating/Values';
import type { AnswerProps } from '../parts';
import { Result } from './Result';
import { scaleOfStatements } from './statements';

/** The scale for each statement; below them the result, if the person may see it. */
export function Answer({ poll, tally, answer, locked, choose }: AnswerProps) {
  const scale = scaleOfStatements(poll);
  const values = poll.options.map((_, i) => answer.values?.[i] ?? null);
  const set = (at: number, value: number | null): void => {
    const next = values.map((other, i) => (i === at ? value : other));
    choose(next.every((one) => one === null) ? {} : { values: next });
  };
  return (
    <>
      <ol class="statements">
        {poll.options.map((text, i) => (
          <li key={i}>
            <p class="statement-head">
              <span id={`s-${poll.id}-${i}`} dir="auto">{text}</span>
              {values[i] !== null && poll.settings.maySkip !== false && (
                <button class="text-button" type="button" aria-label={`${t.clear}: ${text}`} aria-disabled={locked} onClick={() => !locked && set(i, null)}>{t.clear}</button>
              )}
            </p>
            <Values scale={scale} value={values[i] ?? undefined} labelledBy={`s-${poll.id}-${i}`} locked={locked} choose={(value) => set(i, value)} />
          </li>
        ))}
      </ol>
      {tally && <Result poll={poll} tally={tally} mine={answer} />}
    </>
  );
}
