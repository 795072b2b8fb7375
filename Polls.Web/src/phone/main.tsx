import { signal } from '@preact/signals';
import { render } from 'preact';
import { codeIn } from '../live/address';
import { keepShell } from '../live/shell';
import { Announcer } from '../ui/announce';
import { CodeEntry } from './CodeEntry';
import { Visit } from './Visit';

const path = signal(location.pathname);
addEventListener('popstate', () => {
  path.value = location.pathname;
});

/** Goes to another address of this page without loading it anew. */
function go(to: string): void {
  history.pushState(null, '', to + location.search);
  path.value = to;
}

function Phone() {
  const code = codeIn(path.value, 'r');
  return (
    <>
      {code ? <Visit key={code} code={code} go={go} /> : <CodeEntry go={go} />}
      <Announcer />
    </>
  );
}

const app = document.getElementById('app')!;
app.textContent = '';
render(<Phone />, app);
keepShell();
