import { useSignal, useSignalEffect, type Signal } from '@preact/signals';
import { recall, remember } from '../live/keepsake';
import { texts } from '../messages/texts';
import { Icon } from './Icon';
import { prefersDark, applyTheme } from './theme';

const t = texts('screen');
const common = texts('common');

/** Controls at the projector: result as a table, theme and full screen. */
export function Controls({ asTable }: { asTable: Signal<boolean> | undefined }) {
  const dark = useSignal(recall<boolean>('screen.dark') ?? prefersDark());
  useSignalEffect(() => applyTheme(dark.value));
  return (
    <span class="controls">
      {asTable && (
        <button class="button quiet" type="button" aria-pressed={asTable.value} aria-label={common.asTable} title={common.asTable} onClick={() => {
          asTable.value = !asTable.value;
        }}><Icon name="table" /></button>
      )}
      <button class="button quiet" type="button" aria-label={dark.value ? t.light : t.dark} title={dark.value ? t.light : t.dark} onClick={() => {
        dark.value = !dark.value;
        remember('screen.dark', dark.value);
      }}><Icon name={dark.value ? 'sun' : 'moon'} /></button>
      {document.fullscreenEnabled && (
        <button class="button quiet" type="button" aria-label={t.fullScreen} title={t.fullScreen} onClick={() => {
          void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => undefined);
        }}><Icon name="expand" /></button>
      )}
    </span>
  );
}
