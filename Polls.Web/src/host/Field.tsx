import type { Signal } from '@preact/signals';

/** A text field with label and hint. */
export function Field({ id, label, value, type = 'text', fill, hint = '' }: {
  id: string; label: string; value: Signal<string>; type?: 'text' | 'email' | 'password'; fill: string; hint?: string;
}) {
  const same = {
    id, class: 'input', value: value.value, autoComplete: fill, dir: 'ltr', maxLength: 256,
    onInput: (event: preact.TargetedInputEvent<HTMLInputElement>) => {
      value.value = event.currentTarget.value;
    },
    ...(hint ? { 'aria-describedby': `${id}-hint` } : {}),
  } as const;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {type === 'password' ? <input type="password" {...same} /> : type === 'email' ? <input type="email" {...same} /> : <input type="text" {...same} />}
      {hint && <p id={`${id}-hint`} class="hint">{hint}</p>}
    </div>
  );
}
