import { useSignal } from '@preact/signals';
import { texts } from '../messages/texts';
import { roomCode } from '../live/typing';
import { Mark } from '../ui/Icon';

const t = texts('phone');
const common = texts('common');

/** Entry of the six-digit code, without a QR code. A mistyped address fills in the code that it contains. */
export function CodeEntry({ code: known, go }: { code: string; go(path: string): void }) {
  const bad = useSignal(false);
  const submit = (event: Event): void => {
    event.preventDefault();
    const input = (event.currentTarget as HTMLFormElement).elements.namedItem('code') as HTMLInputElement;
    const code = roomCode(input.value);
    bad.value = code.length !== 6;
    if (bad.value) input.focus();
    else go(`/r/${code}`);
  };
  const read = (input: HTMLInputElement): void => {
    const text = input.value.trim();
    input.value = roomCode(text);
    bad.value = text !== '' && input.value === '';
    if (input.value.length === 6) go(`/r/${input.value}`);
  };
  return (
    <main class="entry">
      <p class="brand"><Mark /> {common.product}</p>
      <form class="entry-form" onSubmit={submit} noValidate>
        <h1><label for="code">{t.enterCode}</label></h1>
        <input id="code" name="code" class="input code-input numbers" inputMode="numeric" autoComplete="off" enterKeyHint="go" dir="ltr"
          aria-label={t.codeLabel} aria-invalid={bad.value} aria-describedby="code-error" autofocus placeholder="000000" defaultValue={known}
          onInput={(event) => {
            // Rewriting the text ends the composition of an input method, such as for full-width digits.
            if (!event.isComposing) read(event.currentTarget);
          }} onCompositionEnd={(event) => read(event.currentTarget)} />
        <p id="code-error" class="error" role="alert">{bad.value ? t.badCode : ''}</p>
        <button class="button primary wide" type="submit">{t.go}</button>
      </form>
      <a class="button quiet" href={`/host${location.search}`}>{t.hostInstead}</a>
    </main>
  );
}
