import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { count, fill, sentences } from '../../messages/text';
import { rating as t } from '#messages/rating';
import { valuesOf, type Scale } from './scale';
import { Symbol } from './Symbol';

/** A value in words. */
export const valueText = (scale: Scale, value: number): string => scale.look === 'stars' ? count(t.stars, value) : fill(t.value, { value, max: scale.max });

const named = (scale: Scale, value: number): string =>
  sentences(valueText(scale, value), value === scale.min ? scale.lowLabel : value === scale.max ? scale.highLabel : '').replace(/\.$/, '');

/**
 * The values side by side, one of which can be chosen. Arrow keys move between them without choosing: a vote may be
 * final.
 */
export function Values({ scale, value, label, labelledBy, locked, choose }: {
  scale: Scale; value: number | undefined; label?: string; labelledBy?: string; locked: boolean; choose(value: number): void;
}) {
  const group = useRef<HTMLDivElement>(null);
  const values = valuesOf(scale);
  const focused = useSignal<number | undefined>(undefined);
  const press = (event: KeyboardEvent): void => {
    const rtl = document.documentElement.dir === 'rtl' ? -1 : 1;
    const by = { ArrowRight: rtl, ArrowLeft: -rtl, ArrowUp: -1, ArrowDown: 1, Home: -values.length, End: values.length }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const buttons = [...group.current!.querySelectorAll('button')];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[Math.min(values.length - 1, Math.max(0, at + by))]!.focus();
  };
  return (
    <div class="scale">
      <div ref={group} class={`values ${scale.look}${values.length > 6 ? ' many' : ''}`} role="radiogroup" aria-label={label} aria-labelledby={labelledBy} onKeyDown={press}
        onBlurCapture={() => (focused.value = undefined)}>
        {values.map((one) => (
          <button key={one} class="value" type="button" role="radio" aria-checked={value === one} aria-label={named(scale, one)} aria-disabled={locked}
            tabIndex={one === (focused.value ?? value ?? scale.min) ? 0 : -1} onFocus={() => (focused.value = one)} onClick={() => choose(one)}>
            <Symbol scale={scale} value={one} filled={value !== undefined && one <= value} />
          </button>
        ))}
      </div>
      {(scale.lowLabel || scale.highLabel) && <p class="scale-labels muted" aria-hidden="true"><span dir="auto">{scale.lowLabel}</span> <span dir="auto">{scale.highLabel}</span></p>}
    </div>
  );
}
