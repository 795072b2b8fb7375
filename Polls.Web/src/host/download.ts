import { fill } from '../messages/text';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';
import type { Desk } from './desk';

const t = texts('host');

/** What can be saved, with the end of the file's name. */
const files = { results: '.json', 'results.csv': '.csv', 'summary.csv': '-summary.csv', 'results.xlsx': '.xlsx' };

/** Saves results as a file. Fetches it first, because a plain link cannot send the token. */
export const saveExport = (desk: Desk, what: keyof typeof files): Promise<boolean> => desk.jobs.run('export', async () => {
  const url = URL.createObjectURL(await (await desk.api.export(what)).blob());
  const file = `polls-${desk.room.state.peek()!.code}${files[what]}`;
  const link = document.createElement('a');
  Object.assign(link, { href: url, download: file });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  announce(fill(t.exported, { file }));
});
