import { limits } from '../contract/types';
import { fill } from '../messages/text';
import { texts } from '../messages/texts';
import { Icon } from './Icon';
import { duration, presets, secondsOf, type Timer } from './timer';

const t = texts('host');

/** Duration of a poll: presets, or a custom number, which is asked for if it is missing when it is needed. */
export function TimerField({ id, timer, none, asked = false, change }: { id: string; timer: Timer; none: string; asked?: boolean; change(timer: Timer): void }) {
  const bad = (asked || timer.typed.trim() !== '') && Number.isNaN(secondsOf(timer));
  const choices: [Timer['choice'], string][] = [['none', none], ...presets.map((seconds): [number, string] => [seconds, duration(seconds)]), ['custom', t.custom]];
  return (
    <fieldset class="timer-field">
      <legend><Icon name="clock" /> {t.timer}</legend>
      <div class="chips">
        {choices.map(([choice, text]) => (
          <label key={choice} class="chip">
            <input type="radio" name={`${id}-timer`} checked={timer.choice === choice} onChange={() => change({ choice, typed: timer.typed })} /> <span>{text}</span>
          </label>
        ))}
        {timer.choice === 'custom' && (
          <span class="custom-seconds">
            <label class="unseen" for={`${id}-seconds`}>{t.customSeconds}</label>
            <input id={`${id}-seconds`} class="input numbers" inputMode="numeric" autoComplete="off" value={timer.typed} placeholder={t.customSeconds}
              aria-invalid={bad} aria-describedby={`${id}-seconds-error`} onInput={(event) => change({ choice: timer.choice, typed: event.currentTarget.value })} />
          </span>
        )}
      </div>
      <p id={`${id}-seconds-error`} class="error">{timer.choice === 'custom' && bad ? fill(t.badSeconds, { max: limits.seconds }) : ''}</p>
    </fieldset>
  );
}
