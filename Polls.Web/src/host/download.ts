import { fill } from '../messages/text';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';
import type { Desk } from './desk';

const t = texts('host');

/** Saves all polls, tallies and votes as a file. Fetches it first, because a plain link cannot send the token. */
export const saveExport = (desk: Desk, form: 'csv' | 'json'): Promise<boolean> => desk.jobs.run('export', async () => {
  const response = await desk.api.export(form === 'csv' ? 'results.csv' : 'results');
  const url = URL.createObjectURL(await response.blob());
  const file = `polls-${desk.room.state.peek()!.code}.${form}`;
  const link = document.createElement('a');
  Object.assign(link, { href: url, download: file });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  announce(fill(t.exported, { file }));
});
