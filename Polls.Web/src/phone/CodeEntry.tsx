import { useSignal } from '@preact/signals';
import { texts } from '../messages/texts';
import { latinDigits } from '../live/typing';
import { Mark } from '../ui/Icon';

const t = texts('phone');
const common = texts('common');

/** Entry of the six-digit code, without a QR code. */
export function CodeEntry({ go }: { go(path: string): void }) {
  const bad = useSignal(false);
  const submit = (event: Event): void => {
    event.preventDefault();
    const code = digits((event.currentTarget as HTMLFormElement).elements.namedItem('code') as HTMLInputElement);
    bad.value = code.length !== 6;
    if (!bad.value) go(`/r/${code}`);
  };
  return (
    <main class="entry">
      <p class="brand"><Mark /> {common.product}</p>
      <form class="entry-form" onSubmit={submit} noValidate>
        <h1><label for="code">{t.enterCode}</label></h1>
        <input id="code" name="code" class="input code-input numbers" inputMode="numeric" autoComplete="off" enterKeyHint="go" dir="ltr"
          aria-label={t.codeLabel} aria-invalid={bad.value} aria-describedby="code-error" autofocus placeholder="000000"
          onInput={(event) => {
            const input = event.currentTarget;
            input.value = digits(input).slice(0, 6);
            bad.value = false;
            if (input.value.length === 6) go(`/r/${input.value}`);
          }} />
        <p id="code-error" class="error" role="alert">{bad.value ? t.badCode : ''}</p>
        <button class="button primary wide" type="submit">{t.go}</button>
      </form>
      <a class="button quiet" href={`/host${location.search}`}>{t.hostInstead}</a>
    </main>
  );
}

/** Keeps only digits, also digits of other scripts and those of a pasted link. */
const digits = (input: HTMLInputElement): string => latinDigits(input.value.replace(/^.*\/r\//, '')).replace(/\D/g, '');
