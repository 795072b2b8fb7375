import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { fill, sentences } from '../messages/text';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';
import { Icon, Mark, type IconName } from '../ui/Icon';

const t = texts('phone');
const common = texts('common');

/** A page with a single message. */
export function Place({ icon, title, hint, children }: { icon: IconName; title: string; hint?: string; children?: ComponentChildren }) {
  useEffect(() => announce(sentences(title, hint ?? '')), [title, hint]);
  return (
    <main class="place">
      <p class="brand"><Mark /> {common.product}</p>
      <div class="place-say">
        <span class="badge"><Icon name={icon} /></span>
        <h1 tabIndex={-1}>{title}</h1>
        {hint && <p class="muted">{hint}</p>}
      </div>
      <div class="place-do">{children}</div>
    </main>
  );
}

/** The room's state is not known yet; a waiting vote is still shown. */
export const Loading = ({ broken = false, waits = false }: { broken?: boolean; waits?: boolean }) => (
  <main class="boot">
    <h1 class="unseen">Polls</h1>
    <p role="status">{broken ? common.connectionLost : common.loading}{waits && <><br /><strong>{common.yourVote}: {t.waitingToSend}</strong></>}</p>
  </main>
);

export const NotThere = ({ code, go }: { code: string; go(path: string): void }) => (
  <Place icon="clock" title={t.noRoom} hint={t.noRoomHint}>
    <p class="code-shown numbers" dir="ltr">{code}</p>
    <button class="button wide" onClick={() => go('/')}>{t.otherCode}</button>
  </Place>
);

export const Offline = () => <Place icon="offline" title={common.offline} hint={common.connectionLost} />;

export const Ended = ({ title, go, children }: { title: string; go(path: string): void; children?: ComponentChildren }) => (
  <Place icon="check" title={common.ended} hint={fill('{title} · {thanks}', { title, thanks: common.thanks })}>
    {children}
    <button class="button wide" onClick={() => go('/')}>{t.newCode}</button>
  </Place>
);
