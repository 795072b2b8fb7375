import { texts } from '../messages/texts';
import { Mark } from '../ui/Icon';

const t = texts('screen');
const common = texts('common');

/** Shown without a token, or when the token is no longer valid. */
export const NoToken = () => (
  <main class="alone">
    <p class="brand"><Mark /> {common.product}</p>
    <h1>{t.noToken}</h1>
    <p class="muted">{t.noTokenHint}</p>
    <a class="button primary" href={`/host${location.search}`}>{t.toDesk}</a>
  </main>
);
