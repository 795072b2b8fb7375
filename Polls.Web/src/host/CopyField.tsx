import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { texts } from '../messages/texts';
import { Icon } from './Icon';

const t = texts('host');

/** An address to read and copy. */
export function CopyField({ id, label, value }: { id: string; label: string; value: string }) {
  const said = useSignal('');
  const input = useRef<HTMLInputElement>(null);
  const copy = async (): Promise<void> => {
    try {
      // Not available on pages without HTTPS, for example on a local network.
      await navigator.clipboard.writeText(value);
      said.value = t.copied;
    } catch {
      input.current!.select();
      said.value = document.execCommand('copy') ? t.copied : t.copyFailed;
    }
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="copy">
        <input id={id} ref={input} class="input" dir="ltr" readOnly value={value} onFocus={(event) => event.currentTarget.select()} />
        <button class="button primary" type="button" onClick={() => void copy()}>{said.value === t.copied ? <Icon name="check" /> : <Icon name="link" />} {t.copy}</button>
      </div>
      <p class="hint" role="status">{said.value}</p>
    </div>
  );
}
