import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AccountRoom, RoomHosts } from '../contract/accounts';
import { fill } from '../messages/text';
import { texts } from '../messages/texts';
import { useBackOnline } from '../ui/offline';
import { asAccount } from './account';
import { CopyField } from './CopyField';
import { Dialog } from './Dialog';
import { Icon } from './Icon';
import { asRefusal, explain } from './refusals';

const t = texts('host');

/** Co-hosts of a session, and invitation links. */
export function CoHostsDialog({ room, close }: { room: AccountRoom; close(): void }) {
  const hosts = useSignal<RoomHosts | undefined>(undefined);
  const [link, error] = [useSignal(''), useSignal('')];
  const run = async (work: () => Promise<unknown>): Promise<void> => {
    error.value = '';
    try {
      await work();
      hosts.value = await asAccount((api) => api.hosts(room.roomId));
    } catch (caught) {
      error.value = explain(asRefusal(caught));
    }
  };
  useEffect(() => void run(() => Promise.resolve()), []);
  useBackOnline(error, false, () => void run(() => Promise.resolve()));
  const open = hosts.value?.invitations ?? [];
  return (
    <Dialog title={t.coHosts} close={close}>
      <p>{t.coHostsHint}</p>
      <p role="alert" class="error">{error.value}</p>
      <ul class="co-hosts">
        {hosts.value?.coHosts.map(({ accountId, email }) => (
          <li key={accountId}>
            <span dir="auto">{email}</span>
            <button class="icon-button" type="button" aria-label={fill(t.removeCoHost, { name: email })} title={fill(t.removeCoHost, { name: email })}
              onClick={() => void run(() => asAccount((api) => api.removeHost(room.roomId, accountId)))}><Icon name="close" /></button>
          </li>
        ))}
      </ul>
      {link.value ? <CopyField id="co-host-link" label={t.coHostLink} value={link.value} />
        : <button class="button primary" type="button" onClick={() => void run(async () => {
          link.value = (await asAccount((api) => api.inviteHost(room.roomId))).link;
        })}><Icon name="link" /> {t.makeLink}</button>}
      {open.length > 0 && (
        <button class="button danger" type="button" onClick={() => void run(async () => {
          link.value = '';
          for (const { id } of open) await asAccount((api) => api.revoke(room.roomId, id));
        })}>{t.revokeLinks}</button>
      )}
    </Dialog>
  );
}
