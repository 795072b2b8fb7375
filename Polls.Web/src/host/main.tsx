import { signal } from '@preact/signals';
import { render } from 'preact';
import { keepShell } from '../live/shell';
import { Announcer } from '../ui/announce';
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
// A link pasted into the address of the page that is open already.
addEventListener('hashchange', takeToken);
addEventListener('hashchange', takeInvitation);

/** Goes to another address of this page without loading it anew. */
function go(to: string): void {
  history.pushState(null, '', to + location.search);
  path.value = to;
  scrollTo(0, 0);
  // Those who listen hear where they are; the desk of a room takes a moment to come.
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
keepShell();
