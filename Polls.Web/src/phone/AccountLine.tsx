import { account } from '../live/account';
import { texts } from '../messages/texts';

const t = texts('phone');

/** The account that joins a room with one vote per account, with a way to switch. */
export const AccountLine = ({ change }: { change(): void }) => (account.value
  ? (
    <div class="as-account">
      <p><bdi>{account.value.email}</bdi></p>
      <button class="text-button" type="button" onClick={change}>{t.notYou}</button>
    </div>
  )
  : <p class="hint">{t.accountNeeded}</p>);
