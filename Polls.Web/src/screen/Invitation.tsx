import { qrCode } from '../contract/http';
import { fill, sentences } from '../messages/text';
import { texts } from '../messages/texts';
import { Icon } from './Icon';

const t = texts('screen');
const common = texts('common');

/** How to join: QR code, address, room code, and whether joining is locked or a seat code is needed. */
export const Invitation = ({ code, seats, locked }: { code: string; seats: boolean; locked: boolean }) => {
  const url = `${location.origin}/r/${code}`;
  return (
    <aside class="invitation">
      <img class="qr" src={qrCode(code)} alt={fill(t.qrAlt, { url })} width="512" height="512" />
      <div class="invitation-words">
        <p class="muted">{t.joinAt}</p>
        <p class="join-host" dir="ltr">{location.host}</p>
        <p class="join-code numbers" dir="ltr">
          {/* Digit by digit. As a label it would not be spoken: a paragraph cannot have a name. */}
          <span class="unseen">{sentences(`${common.joinCode} ${[...code].join(' ')}`)}</span>
          <span aria-hidden="true">{code.slice(0, 3)} {code.slice(3)}</span>
        </p>
        {locked ? <p class="join-note"><Icon name="lock" /> <span>{t.joiningLocked}</span></p>
          : seats && <p class="join-note"><Icon name="ticket" /> <span>{t.seatNeeded}</span></p>}
      </div>
    </aside>
  );
};
