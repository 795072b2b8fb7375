import { qrCode } from '../contract/http';
import { count, fill } from '../messages/text';
import { texts } from '../messages/texts';
import { Confirm } from './Confirm';
import { CopyField } from './CopyField';
import type { Desk } from './desk';
import { Dialog } from './Dialog';
import { Menu } from './Menu';
import { PeopleDialog } from './PeopleDialog';
import { Reopen } from './Reopen';
import { deviceLink, dropRoom, joinLink, type HostedRoom } from './rooms';
import { SeatsDialog } from './SeatsDialog';
import { ShortcutsDialog } from './ShortcutsDialog';

const t = texts('host');

/** The open dialog, if there is one. */
export function Dialogs({ desk, hosted, go }: { desk: Desk; hosted: HostedRoom; go(path: string): void }) {
  const close = (): void => {
    desk.dialog.value = undefined;
  };
  const poll = desk.asked.value;
  switch (desk.dialog.value) {
    case 'menu': return <Menu key="menu" desk={desk} close={close} />;
    case 'shortcuts': return <ShortcutsDialog key="shortcuts" close={close} />;
    case 'qr': return (
      <Dialog key="qr" title={t.qrTitle} close={close} kind="qr">
        <img src={qrCode(hosted.code)} alt={fill(t.qrAlt, { url: joinLink(hosted) })} width="320" height="320" />
        <p class="code-shown numbers" dir="ltr">{hosted.code}</p>
        {desk.seats.wanted.value && <p class="hint">{t.qrSeats}</p>}
        <CopyField id="join-link" label={t.joinLink} value={joinLink(hosted)} />
      </Dialog>
    );
    case 'seats': return <SeatsDialog key="seats" desk={desk} close={close} />;
    case 'people': return <PeopleDialog key="people" desk={desk} close={close} />;
    case 'discardVotes': return (
      <Confirm key="discardVotes" title={t.discardVotesAsk} hint={count(t.discardVotesHint, (desk.people.asked.value ?? desk.people.joins.value)?.votersNeverConnected ?? 0)}
        yes={t.discardVotes} close={() => {
          desk.dialog.value = 'people';
        }} agree={() => void desk.people.discard()} />
    );
    case 'device': return (
      <Dialog key="device" title={t.device} close={close}>
        <p>{t.deviceHint}</p>
        <CopyField id="device-link" label={t.deviceLink} value={deviceLink(hosted)} />
        <p class="hint">{t.otherDevicesHint}</p>
        <button class="button danger" type="button" aria-haspopup="dialog" onClick={() => {
          desk.dialog.value = 'revoke';
        }}>{t.otherDevices}</button>
      </Dialog>
    );
    case 'revoke': return (
      <Confirm key="revoke" title={t.otherDevicesAsk} hint={t.otherDevicesMeans} yes={t.otherDevices} close={close} agree={() => void desk.revokeTokens(hosted)} />
    );
    case 'end': return (
      <Confirm key="end" title={t.endAsk} hint={t.endHint} yes={t.endRoom} close={close} agree={() => void desk.endRoom()} />
    );
    case 'deleteRoom': return (
      <Confirm key="deleteRoom" title={fill(t.deleteRoomAsk, { title: hosted.title })} hint={t.deleteRoomHint} yes={t.delete} close={close}
        agree={() => void desk.deleteRoom(() => {
          go('/host');
          dropRoom(hosted.code);
        })} />
    );
    case 'reopen': return poll ? <Reopen key="reopen" desk={desk} poll={poll} close={close} /> : null;
    case 'reset': return poll ? (
      <Confirm key="reset" title={t.resetAsk} hint={count(t.resetHint, desk.room.tallies.value.get(poll.id)?.voters ?? 0)} yes={t.reset}
        close={close} agree={() => desk.reset(poll)} />
    ) : null;
    case 'delete': return poll ? (
      <Confirm key="delete" title={t.deleteAsk} hint={fill(t.deleteHint, { question: poll.question })} yes={t.delete} close={close}
        agree={() => void desk.remove(poll)} />
    ) : null;
    case 'discard': return <Confirm key="discard" title={t.discardAsk} hint={t.discardHint} yes={t.discard} close={close} agree={desk.writing.discard} />;
    default: return null;
  }
}
