import { useEffect, useRef } from 'preact/hooks';
import type { Plain } from '../kinds/parts';
import type { PollView, Tally } from '../contract/types';
import { count, sentences } from '../messages/text';
import { texts } from '../messages/texts';
import { announce } from './announce';

const common = texts('common');

/** At most this often, so that a screen reader is not kept busy by a result that moves all the time. */
const pauseMs = 5000;

/**
 * Announces how a result moves on, in short, and one that appears later than its poll, unless the page announces that
 * one itself, as it does what is there at first.
 */
export function useSummary(poll: PollView | undefined, tally: Tally | undefined, plain: Plain | undefined, announcesFirst = true): void {
  const said = useRef<{ poll?: string | undefined; text: string; at: number }>({ text: '', at: 0 });
  const text = poll && tally && plain ? sentences(count(common.voters, tally.voters), tally.voters > 0 ? plain.lead(poll, tally) : '') : '';
  const newest = useRef(text);
  newest.current = text;
  useEffect(() => {
    const last = said.current;
    if (!text || last.poll !== poll!.id) {
      said.current = { poll: text || announcesFirst ? poll?.id : undefined, text, at: Date.now() };
      return;
    }

    if (text === last.text) return;
    const timer = setTimeout(() => {
      said.current = { poll: last.poll, text: newest.current, at: Date.now() };
      announce(newest.current);
    }, last.text ? Math.max(0, last.at + pauseMs - Date.now()) : 0);
    return () => clearTimeout(timer);
  }, [poll?.id, text]);
}
