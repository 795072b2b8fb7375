import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { limits, type Entry } from '../../contract/types';
import { count, fill, number } from '../../messages/text';
import { texts } from '../../messages/texts';
import { wordCloud as t } from '#messages/wordCloud';
import { useBackOnline } from '../../ui/offline';
import type { ManageProps } from '../parts';

const common = texts('common');

type Sort = 'top' | 'pending' | 'hidden' | 'merged';

/** Not more often than this while votes arrive. */
const pauseMs = 1_000;

/** All words, page by page, with what the host can do with each: hide, show, merge, and undo that. */
export function Manage({ poll, tally, api, explain }: ManageProps) {
  const section = useRef<HTMLElement>(null);
  const sort = useSignal<Sort>('top');
  const items = useSignal<Entry[]>([]);
  const isRead = useSignal(false);
  const next = useSignal<string | undefined>(undefined);
  const merging = useSignal<Entry | undefined>(undefined);
  const fault = useSignal('');
  const { hidden = 0, pending = 0 } = tally?.entries ?? {};
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      fault.value = '';
    } catch (error) {
      fault.value = explain(error);
    }
  };
  const read = async (after?: string): Promise<void> => {
    const asked = sort.peek();
    const page = await api.entries(poll.id, asked, after);
    if (asked !== sort.peek()) return;
    items.value = after === undefined ? page.items : [...items.peek(), ...page.items];
    next.value = page.next;
    isRead.value = true;
  };
  // While votes arrive, the list is read again after each pause. Not under the eyes of a host who has read further pages.
  const timer = useRef(0);
  useEffect(() => {
    if (timer.current || items.peek().length > limits.entriesOnPage) return;
    timer.current = setTimeout(() => {
      timer.current = 0;
      void attempt(() => read());
    }, items.peek().length > 0 ? pauseMs : 0);
  }, [tally?.version, sort.value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useBackOnline(fault, false, () => void attempt(() => read()));
  /** Afterwards the word is no longer in this list. */
  const act = (n: number, work: () => Promise<void>): void => void attempt(async () => {
    await work();
    merging.value = undefined;
    if (items.peek().length > limits.entriesOnPage) items.value = items.peek().filter((item) => item.n !== n);
    else await read();
    // The pressed button has gone with its row.
    section.current?.focus();
  });
  /** Where a merged word is counted, if that one is among those that most people gave. */
  const target = ({ into }: Entry) => {
    const other = into === undefined ? undefined : tally?.entries?.items.find(({ n }) => n === into);
    return other && <span class="muted"> → <bdi>{other.text}</bdi></span>;
  };
  const choose = (to: Sort): void => {
    sort.value = to;
    [items.value, next.value, isRead.value] = [[], undefined, false];
    merging.value = undefined;
  };
  return (
    <section ref={section} class="manage" aria-label={t.words} tabIndex={-1}>
      <div class="chips">
        {([['top', t.all], ['pending', fill(t.pending, { count: pending })], ['hidden', fill(t.hidden, { count: hidden })], ['merged', t.merged]] as const).map(([value, text]) => (
          <label key={value} class="chip">
            <input type="radio" name={`words-${poll.id}`} checked={sort.value === value} onChange={() => choose(value)} /> <span>{text}</span>
          </label>
        ))}
      </div>
      {fault.value && <p class="error" role="alert">{fault}</p>}
      {merging.value && (
        <p class="merging">
          <span>{fill(t.mergeInto, { word: merging.value.text })}</span> <button class="text-button" type="button" onClick={() => (merging.value = undefined)}>{t.cancel}</button>
        </p>
      )}
      {items.value.length === 0 ? <p class="muted">{isRead.value ? t.noWords : common.loading}</p> : (
        <ol class="manage-list">
          {items.value.map((entry) => (
            <li key={entry.n} class="manage-row">
              <span class="word-text"><bdi>{entry.text}</bdi>{target(entry)}</span>
              <span class="numbers muted"><span aria-hidden="true">{number(entry.count)}</span><span class="unseen">{count(t.people, entry.count)}</span></span>
              <span class="manage-do">
                {merging.value ? merging.value.n !== entry.n && (
                  <button class="button" type="button" onClick={() => act(merging.peek()!.n, () => api.mergeEntry(poll.id, merging.peek()!.n, entry.n))}>{t.into}<span class="unseen"> {entry.text}</span></button>
                ) : sort.value === 'merged' ? (
                  <button class="button" type="button" onClick={() => act(entry.n, () => api.onEntry(poll.id, entry.n, 'split'))}>{t.split}<span class="unseen"> {entry.text}</span></button>
                ) : <>
                  {sort.value !== 'top' && <button class="button" type="button" onClick={() => act(entry.n, () => api.onEntry(poll.id, entry.n, 'show'))}>{t.show}<span class="unseen"> {entry.text}</span></button>}
                  {sort.value !== 'hidden' && <button class="button" type="button" onClick={() => act(entry.n, () => api.onEntry(poll.id, entry.n, 'hide'))}>{t.hide}<span class="unseen"> {entry.text}</span></button>}
                  {sort.value === 'top' && <button class="button" type="button" onClick={() => (merging.value = entry)}>{t.merge}<span class="unseen"> {entry.text}</span></button>}
                </>}
              </span>
            </li>
          ))}
        </ol>
      )}
      {next.value !== undefined && <button class="button" type="button" onClick={() => void attempt(() => read(next.peek()))}>{t.more}</button>}
    </section>
  );
}
