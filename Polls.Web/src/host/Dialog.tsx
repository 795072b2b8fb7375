import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { texts } from '../messages/texts';
import { Icon } from './Icon';

const t = texts('host');

/** A modal dialog. The browser keeps the focus inside and restores it afterwards. */
export function Dialog({ title, close, kind = '', children }: { title: string; close(): void; kind?: string; children: ComponentChildren }) {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = ref.current!;
    dialog.showModal();
    return () => dialog.close();
  }, []);
  return (
    <dialog ref={ref} class={`dialog ${kind}`} aria-labelledby="dialog-title"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => {
        // The dialog element itself is the target only outside its content.
        if (event.target === event.currentTarget) close();
      }}>
      <div class="dialog-body">
        <div class="dialog-head">
          <h2 id="dialog-title">{title}</h2>
          <button class="icon-button" type="button" aria-label={t.close} onClick={close}><Icon name="close" /></button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
