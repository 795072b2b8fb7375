import { useRef } from 'preact/hooks';
import { count } from '../messages/text';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';
import { Mark } from '../ui/Icon';
import type { Desk } from './desk';
import { saveExport } from './download';
import { Icon } from './Icon';
import { Inside } from './Pages';
import type { HostedRoom } from './rooms';

const t = texts('host');
const common = texts('common');

/** The room's name, join information, number of participants, and the big screen. */
export function TopBar({ desk, hosted, go }: { desk: Desk; hosted: HostedRoom; go(path: string): void }) {
  const { room, dialog } = desk;
  return (
    <header class="top">
      <div class="top-name">
        <a class="home" href={`/host${location.search}`} aria-label={t.toStart} onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          go('/host');
        }}><Mark /></a>
        <h1 id="page-title" tabIndex={-1} dir="auto" title={room.state.value!.title}>{room.state.value!.title}</h1>
      </div>
      {!room.ended.value && (
        <p class="top-code"><span class="muted">{common.joinCode}</span> <strong class="numbers" dir="ltr">{hosted.code}</strong></p>
      )}
      <button id="people" class="people numbers" type="button" aria-haspopup="dialog" title={t.people} onClick={() => {
        dialog.value = 'people';
      }}>
        <Icon name="people" />
        <span class="unseen">{count(common.participants, room.participants.value)}</span>
        <span aria-hidden="true">{room.participants}</span>
      </button>
      <div class="top-do">
        {!room.ended.value && <>
          <button class="button" type="button" aria-haspopup="dialog" onClick={() => {
            dialog.value = 'qr';
          }}><QrIcon /> <span>{t.qr}</span></button>
          <BigScreen desk={desk} code={hosted.code} />
        </>}
        <button class="button" type="button" aria-haspopup="dialog" onClick={() => {
          dialog.value = 'menu';
        }}><MoreIcon /> <span class="on-wide">{t.more}</span></button>
      </div>
    </header>
  );
}

/** Opens the big screen with a read-only token. Reuses the first token for further screens. */
function BigScreen({ desk, code }: { desk: Desk; code: string }) {
  const token = useRef('');
  const open = (): void => {
    const link = document.createElement('a');
    Object.assign(link, { href: `/screen/${code}${location.search}#token=${encodeURIComponent(token.current)}`, target: '_blank', rel: 'noopener' });
    link.click();
    announce(t.screenOpened);
  };
  return (
    <button class="button" type="button" aria-disabled={desk.jobs.runs('screen')} onClick={() => {
      if (token.current) return open();
      void desk.jobs.run('screen', async () => {
        token.current = (await desk.api.addScreen()).token;
        open();
      });
    }}><Icon name="screen" /> <span>{t.bigScreen}</span></button>
  );
}

/** Actions for an ended room. */
export const NewRoomLink = ({ desk, go }: { desk: Desk; go(path: string): void }) => (
  <section class="card over" aria-labelledby="over-title">
    <h2 id="over-title">{common.ended}</h2>
    <p class="muted">{t.endedHint}</p>
    <div class="row">
      <button class="button primary" type="button" aria-disabled={desk.jobs.runs('export')} onClick={() => void saveExport(desk, 'results.csv')}><Icon name="download" /> {t.exportCsv}</button>
      <button class="button" type="button" aria-disabled={desk.jobs.runs('export')} onClick={() => void saveExport(desk, 'summary.csv')}><Icon name="download" /> {t.exportSummary}</button>
      <button class="button" type="button" aria-disabled={desk.jobs.runs('export')} onClick={() => void saveExport(desk, 'results.xlsx')}><Icon name="download" /> {t.exportWorkbook}</button>
      <button class="button" type="button" aria-disabled={desk.jobs.runs('export')} onClick={() => void saveExport(desk, 'results')}><Icon name="download" /> {t.exportJson}</button>
      <Inside to="/host" go={go}>{t.newSession}</Inside>
    </div>
  </section>
);

const QrIcon = () => (
  <svg class="icon" viewBox="0 0 24 24" width="1.25em" height="1.25em" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" aria-hidden="true">
    <path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM14 20v-1M20 14v1" />
  </svg>
);

const MoreIcon = () => (
  <svg class="icon" viewBox="0 0 24 24" width="1.25em" height="1.25em" fill="currentColor" aria-hidden="true">
    <circle cx="5" cy="12" r="2" /><circle cx="12" cy="12" r="2" /><circle cx="19" cy="12" r="2" />
  </svg>
);
