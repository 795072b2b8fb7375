import type { Signal } from '@preact/signals';

/** A text field with label, hint and error. */
export function Field({ id, label, value, type = 'text', fill, hint = '', error = '' }: {
  id: string; label: string; value: Signal<string>; type?: 'text' | 'email' | 'password'; fill: string; hint?: string; error?: string;
}) {
  const described = [...(error ? [`${id}-error`] : []), ...(hint ? [`${id}-hint`] : [])].join(' ');
  const same = {
    id, class: 'input', value: value.value, autoComplete: fill, dir: 'ltr',
    onInput: (event: preact.TargetedInputEvent<HTMLInputElement>) => {
      value.value = event.currentTarget.value;
    },
    ...(error ? { 'aria-invalid': true } : {}), ...(described ? { 'aria-describedby': described } : {}),
  } as const;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {type === 'password' ? <input type="password" {...same} /> : type === 'email' ? <input type="email" {...same} /> : <input type="text" {...same} />}
      {error && <p id={`${id}-error`} class="error">{error}</p>}
      {hint && <p id={`${id}-hint`} class="hint">{hint}</p>}
    </div>
  );
}
