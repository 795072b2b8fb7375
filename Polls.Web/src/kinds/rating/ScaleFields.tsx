import { number } from '../../messages/text';
import { rating as t } from '#messages/rating';
import { useLimit } from '../../ui/limit';
import type { FieldsProps } from '../parts';
import { scaleOf, type Look } from './scale';

const mostLabel = 40;
const mostMax = 10;

export const lookTexts: Record<Look, string> = { stars: t.lookStars, numbers: t.lookNumbers, smileys: t.lookSmileys, nps: t.lookNps };

/** The settings to send: a look decides some of them, and empty labels are omitted. */
export function scaleSettings(settings: Record<string, unknown>): Record<string, unknown> {
  const { look, min, max, lowLabel, highLabel } = scaleOf(settings);
  const first = look === 'nps' ? 0 : look === 'stars' ? 1 : min;
  return {
    look, min: first, max: look === 'nps' ? 10 : Math.min(mostMax, Math.max(first + 1, max)),
    lowLabel: lowLabel.trim() || null, highLabel: highLabel.trim() || null,
  };
}

/** The fields of a scale. */
export function ScaleFields({ settings, onlyWords, change }: FieldsProps) {
  const { look, min, max, lowLabel, highLabel } = scaleOf(scaleSettings(settings));
  const low = useLimit(mostLabel);
  const high = useLimit(mostLabel);
  return (
    <>
      {!onlyWords && <>
        <div class="field">
          <label for="look">{t.look}</label>
          <select id="look" class="input" value={look} onChange={(event) => change({ look: event.currentTarget.value })}>
            {Object.entries(lookTexts).map(([value, text]) => <option key={value} value={value}>{text}</option>)}
          </select>
        </div>
        {look !== 'nps' && <>
          {look !== 'stars' && <div class="field">
            <label for="scale-min">{t.lowest}</label>
            <select id="scale-min" class="input" value={`${min}`} onChange={(event) => change({ min: Number(event.currentTarget.value) })}>
              {[0, 1].map((value) => <option key={value} value={`${value}`}>{number(value)}</option>)}
            </select>
          </div>}
          <div class="field">
            <label for="scale-max">{t.highest}</label>
            <select id="scale-max" class="input" value={`${max}`} onChange={(event) => change({ max: Number(event.currentTarget.value) })}>
              {Array.from({ length: mostMax - min }, (_, i) => min + i + 1).map((value) => <option key={value} value={`${value}`}>{number(value)}</option>)}
            </select>
          </div>
        </>}
      </>}
      {([['lowLabel', t.lowLabel, lowLabel, low], ['highLabel', t.highLabel, highLabel, high]] as const).map(([name, text, value, limit]) => (
        <div key={name} class="field">
          <label for={name}>{text}</label>
          <input id={name} class="input" dir="auto" autoComplete="off" value={value} onInput={(event) => change({ [name]: limit.read(event, value) })}
            onCompositionEnd={(event) => change({ [name]: limit.read(event, value) })} />
          {limit.note.value && value && <p class="hint">{limit.note}</p>}
        </div>
      ))}
    </>
  );
}
