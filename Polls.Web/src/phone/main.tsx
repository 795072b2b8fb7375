import { signal } from '@preact/signals';
import { render } from 'preact';
import { codeIn } from '../live/address';
import { takeSlip } from '../live/seat';
import { keepShell } from '../live/shell';
import { roomCode } from '../live/typing';
import { Announcer } from '../ui/announce';
import { keepFocus } from '../ui/focus';
import '../ui/ownText';
import { CodeEntry } from './CodeEntry';
import { Visit } from './Visit';

takeSlip();
// The link of another slip, pasted into the address bar of the open page.
addEventListener('hashchange', takeSlip);
const path = signal(location.pathname);
addEventListener('popstate', () => {
  path.value = location.pathname;
});

/** Navigates within this page without a reload. */
function go(to: string): void {
  history.pushState(null, '', to + location.search);
  path.value = to;
}

function Phone() {
  const code = codeIn(path.value, 'r');
  return (
    <>
      {code ? <Visit key={code} code={code} go={go} /> : <CodeEntry code={roomCode(path.value)} go={go} />}
      <Announcer />
    </>
  );
}

const app = document.getElementById('app')!;
app.textContent = '';
render(<Phone />, app);
keepFocus();
keepShell();
