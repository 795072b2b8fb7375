import { texts } from '../messages/texts';
import { Dialog } from './Dialog';

const t = texts('host');

/** Asks before an action is carried out. The safe answer has the focus. */
export const Confirm = ({ title, hint, yes, close, agree }: { title: string; hint: string; yes: string; close(): void; agree(): void }) => (
  <Dialog title={title} close={close} kind="ask">
    <p>{hint}</p>
    <div class="dialog-do">
      <button class="button" type="button" autofocus onClick={close}>{t.cancel}</button>
      <button class="button danger solid" type="button" onClick={() => {
        agree();
        close();
      }}>{yes}</button>
    </div>
  </Dialog>
);
