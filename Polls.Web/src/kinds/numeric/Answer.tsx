import { useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { numeric as t } from '#messages/numeric';
import type { AnswerProps } from '../parts';
import { readTyped, typedText } from '../typed';
import { Picture } from './Picture';
import { judge, rangeOf } from './range';
import { echo, flawText } from './words';

/** A field for a number, and what was understood or is wrong. A text that cannot be sent is the number NaN. */
export function Answer({ poll, tally, answer: { number }, locked, choose, send }: AnswerProps) {
  const range = rangeOf(poll.settings);
  const text = useSignal(number === undefined ? '' : typedText(number));
  // What another device has sent, or a withdrawal.
  // Runs before the next event, which may be another letter.
  useLayoutEffect(() => {
    if (!Number.isNaN(number) && number !== judge(range, readTyped(text.peek()))) text.value = number === undefined ? '' : typedText(number);
  }, [`${number}`]);
  const judged = text.value.trim() ? judge(range, readTyped(text.value)) : '';
  const flaw = typeof judged === 'string' ? judged : '';
  return (
    <div class="numeric">
      <div class="number-field">
        {/* The number pads of phones have no minus sign. */}
        <input class="input number-input" inputMode={range.min < 0 ? 'text' : 'decimal'} enterKeyHint="send" autoComplete="off" dir="ltr" value={text.value}
          aria-label={t.field} aria-describedby={`hint-${poll.id} n-${poll.id}`} aria-invalid={flaw !== ''} readOnly={locked} aria-disabled={locked}
          onInput={(event) => {
            text.value = event.currentTarget.value;
            const now = judge(range, readTyped(text.value));
            choose(text.value.trim() ? { number: typeof now === 'number' ? now : NaN } : {});
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.isComposing) send();
          }} />
        {range.unit && <span class="number-unit" dir="auto">{range.unit}</span>}
      </div>
      <p id={`n-${poll.id}`} class={`number-read numbers${flaw ? ' error' : ''}`} aria-live="polite">
        {typeof judged === 'number' ? echo(judged, range) : judged ? flawText(judged, range) : ''}
      </p>
      {tally?.numbers && <Picture range={range} numbers={tally.numbers} />}
    </div>
  );
}
