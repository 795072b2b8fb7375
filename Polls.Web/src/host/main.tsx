import { signal } from '@preact/signals';
import { render } from 'preact';
import { keepShell } from '../live/shell';
import { Announcer } from '../ui/announce';
import { keepFocus } from '../ui/focus';
import '../ui/ownText';
import { takeInvitation } from './account';
import { focusSoon } from './place';
import { codeOf, findHosted, takeToken } from './rooms';
import { NoRight } from './Pages';
import { RoomDesk } from './RoomDesk';
import { Start } from './Start';

takeToken();
takeInvitation();
const path = signal(location.pathname);
addEventListener('popstate', () => {
  path.value = location.pathname;
});
// A link pasted into the address bar of the open page.
addEventListener('hashchange', takeToken);
addEventListener('hashchange', takeInvitation);

/** Navigates within this page without a reload. */
function go(to: string): void {
  history.pushState(null, '', to + location.search);
  path.value = to;
  scrollTo(0, 0);
  // Announces the page to screen readers; a room's desk takes a moment to appear.
  focusSoon('page-title', 120);
}

function Host() {
  const code = codeOf(path.value);
  const hosted = code === undefined ? undefined : findHosted(code);
  return (
    <>
      {code === undefined ? <Start go={go} />
        : hosted ? <RoomDesk key={`${code} ${hosted.token}`} hosted={hosted} go={go} />
        : <NoRight go={go} />}
      <Announcer />
    </>
  );
}

const app = document.getElementById('app')!;
app.textContent = '';
render(<Host />, app);
keepFocus();
keepShell();
