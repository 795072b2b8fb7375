import { typedText } from './typed';

/** A form's field for a number: the text as it is typed, or a stored number. */
export function NumberField({ id, label, value, hint = '', error, change }: {
  id: string; label: string; value: unknown; hint?: string; error: string; change(typed: string): void;
}) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} class="input" inputMode="decimal" autoComplete="off" dir="ltr" value={typeof value === 'number' ? typedText(value) : `${value ?? ''}`}
        aria-invalid={error !== ''} aria-describedby={`${id}-about`} onInput={(event) => change(event.currentTarget.value)} />
      <p id={`${id}-about`} class={error ? 'error' : 'hint'}>{error || hint}</p>
    </div>
  );
}
