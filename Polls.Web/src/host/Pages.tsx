import type { ComponentChildren } from 'preact';
import { texts } from '../messages/texts';
import { Mark } from '../ui/Icon';
import { Icon } from './Icon';

const t = texts('host');
const common = texts('common');

export const Brand = () => <p class="brand"><Mark /> {common.product}</p>;

/** A link within this page. Modifier keys open it like any other link. */
export const Inside = ({ to, go, kind = '', children }: { to: string; go(path: string): void; kind?: string; children: ComponentChildren }) => (
  <a class={`button ${kind}`} href={to + location.search} onClick={(event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(to);
  }}>{children}</a>
);

/** This device has no valid token for the room. */
export const NoRight = ({ go }: { go(path: string): void }) => (
  <main class="page">
    <Brand />
    <div class="say">
      <span class="badge"><Icon name="link" /></span>
      <h1 id="page-title" tabIndex={-1}>{t.noRight}</h1>
      <p class="muted">{t.noRightHint}</p>
      <Inside to="/host" go={go} kind="primary">{t.toStart}</Inside>
    </div>
  </main>
);

export const Loading = ({ broken }: { broken: boolean }) => (
  <main class="boot">
    <h1 class="unseen">Polls</h1>
    <p role="status">{broken ? <><Icon name="offline" /> {common.connectionLost}</> : common.loading}</p>
  </main>
);
