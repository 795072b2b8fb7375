import { account } from '../live/account';
import { texts } from '../messages/texts';

const t = texts('phone');

/** As whom this device joins where one account is one voter, with a way to be somebody else. */
export const AccountLine = ({ change }: { change(): void }) => (account.value
  ? (
    <div class="as-account">
      <p><bdi>{account.value.email}</bdi></p>
      <button class="text-button" type="button" onClick={change}>{t.notYou}</button>
    </div>
  )
  : <p class="hint">{t.accountNeeded}</p>);
