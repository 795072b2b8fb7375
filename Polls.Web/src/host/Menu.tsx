import { texts } from '../messages/texts';
import type { Desk } from './desk';
import type { DialogName } from './hosted';
import { Dialog } from './Dialog';
import { saveExport } from './download';
import { Icon, type IconName } from './Icon';

const t = texts('host');

/** Rarely used actions of a session. */
export function Menu({ desk, close }: { desk: Desk; close(): void }) {
  const item = (icon: IconName, text: string, act: () => void, kind = ''): preact.JSX.Element => (
    <li><button class={`menu-item ${kind}`} type="button" onClick={act}><Icon name={icon} /> {text}</button></li>
  );
  const open = (name: DialogName) => (): void => {
    desk.dialog.value = name;
  };
  const save = (what: Parameters<typeof saveExport>[1]) => (): void => {
    close();
    void saveExport(desk, what);
  };
  return (
    <Dialog title={t.moreTitle} close={close} kind="menu">
      <ul>
        {item('download', t.exportCsv, save('results.csv'))}
        {item('download', t.exportSummary, save('summary.csv'))}
        {item('download', t.exportWorkbook, save('results.xlsx'))}
        {item('download', t.exportJson, save('results'))}
        {item('link', t.device, open('device'))}
        {item('people', t.people, open('people'))}
        {desk.seats.wanted.value && item('ticket', t.seats, open('seats'))}
        {item('keyboard', t.shortcuts, open('shortcuts'))}
        {!desk.room.ended.value && item('stop', t.endRoom, open('end'), 'danger')}
        {item('trash', t.deleteRoom, open('deleteRoom'), 'danger')}
      </ul>
    </Dialog>
  );
}
