import { render } from 'preact';
import { codeIn } from '../live/address';
import { recall, remember } from '../live/keepsake';
import { Room } from '../live/room';
import { keepShell } from '../live/shell';
import { Announcer } from '../ui/announce';
import '../ui/ownText';
import { NoToken } from './NoToken';
import { Screen } from './Screen';

/**
 * The token is in the fragment, which no server and no log sees, and is removed from the address at once: everyone can
 * read the address of a projected screen.
 */
function takeToken(code: string): string | undefined {
  const key = `screen.${code}`;
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token) {
    remember(key, token);
    history.replaceState(null, '', location.pathname + location.search);
  }

  return token ?? recall<string>(key);
}

const code = codeIn(location.pathname, 'screen') ?? '';
const token = takeToken(code);
const room = token ? new Room(code, token) : undefined;
const app = document.getElementById('app')!;
app.textContent = '';
render(<>{room ? <Screen room={room} code={code} /> : <NoToken />}<Announcer /></>, app);
keepShell();
// The host's link, pasted into the address bar of the open page.
addEventListener('hashchange', () => location.reload());
