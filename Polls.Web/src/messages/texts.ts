import type { common } from './en/common';
import type { host } from './en/host';
import type { phone } from './en/phone';
import type { screen } from './en/screen';
import type { Like } from './text';

interface Texts {
  common: Like<typeof common>;
  phone: Like<typeof phone>;
  host: Like<typeof host>;
  screen: Like<typeof screen>;
}

/** The page's messages. The server chose the page by the browser's language; it contains them (build.mjs). */
const page = JSON.parse(document.getElementById('texts')?.textContent ?? '{}') as Texts;

/** The messages of one part. A page contains its own and the common ones. */
export const texts = <K extends keyof Texts>(part: K): Texts[K] => page[part];
