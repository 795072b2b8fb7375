import { texts } from '../messages/texts';
import { Dialog } from './Dialog';
import { shortcutsOn, switchShortcuts } from './shortcuts';

const t = texts('host');
const rtl = document.documentElement.dir === 'rtl';

const keys: [string, string[]][] = [
  [t.keyNext, ['N', rtl ? '←' : '→']], [t.keyPrevious, ['P', rtl ? '→' : '←']], [t.keyOpen, ['O']], [t.keyResults, ['R']], [t.keyHelp, ['?']],
];

export const ShortcutsDialog = ({ close }: { close(): void }) => (
  <Dialog title={t.shortcuts} close={close}>
    <dl class="keys">
      {keys.map(([what, which]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>{which.map((key, i) => <>{i > 0 && <span class="muted"> {t.or} </span>}<kbd>{key}</kbd></>)}</dd>
        </div>
      ))}
    </dl>
    <label class="check">
      <input type="checkbox" checked={shortcutsOn.value} onChange={(event) => switchShortcuts(event.currentTarget.checked)} /> {t.shortcutsOn}
    </label>
  </Dialog>
);
