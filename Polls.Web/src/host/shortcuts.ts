import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { recall, remember } from '../live/keepsake';
import type { Desk } from './desk';
import { oneColumn } from './place';

/** Single-key shortcuts disturb speech input and some keyboards, so users can turn them off (WCAG 2.1.4). */
export const shortcutsOn = signal(recall<boolean>('host.shortcuts') ?? true);

export function switchShortcuts(on: boolean): void {
  shortcutsOn.value = on;
  remember('host.shortcuts', on);
}

const inField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea, select, [contenteditable], dialog') !== null;

export function useShortcuts(desk: Desk): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (!shortcutsOn.peek() || event.defaultPrevented || event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
      if (inField(event.target) || document.querySelector('dialog[open], .sheets') || !desk.room.state.peek()) return;
      if (act(desk, event)) event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [desk]);
}

function act(desk: Desk, { key, target }: KeyboardEvent): boolean {
  if (key === '?') {
    desk.dialog.value = 'shortcuts';
    return true;
  }

  if (desk.writing.visible.peek()) return false;
  const inList = target instanceof Element && target.closest('.poll-list, [role="radiogroup"]') !== null;
  const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  switch (key) {
    case 'n': case 'N': return step(desk, 1);
    case 'p': case 'P': return step(desk, -1);
    case 'ArrowLeft': case 'ArrowRight': return !inList && step(desk, key === forward ? 1 : -1);
    case 'o': case 'O': return openOrClose(desk);
    case 'r': case 'R': return results(desk);
    default: return false;
  }
}

function step(desk: Desk, by: 1 | -1): boolean {
  desk.step(by);
  return true;
}

/** The shown poll, if it is visible and the room is open. */
const inSight = (desk: Desk) => (desk.room.ended.peek() || (oneColumn.peek() && !desk.inPoll.peek()) ? undefined : desk.shown.peek());

const doubleMs = 400;
const pressed = new Map<string, number>();

/** Whether the same key was pressed just before: a key pressed twice acts once. */
function isDouble(key: string): boolean {
  const [now, before = -Infinity] = [performance.now(), pressed.get(key)];
  pressed.set(key, now);
  return now - before < doubleMs;
}

/** Does what the button does, which asks before it reopens a poll. */
function openOrClose(desk: Desk): boolean {
  const poll = inSight(desk);
  if (!poll) return false;
  if (isDouble('o') || desk.jobs.runs(poll.id)) return true;
  if (poll.state === 'open') desk.close(poll);
  else if (poll.state === 'closed') desk.ask('reopen', poll);
  else desk.open(poll);
  return true;
}

function results(desk: Desk): boolean {
  const poll = inSight(desk);
  if (!poll || poll.state === 'draft') return false;
  if (!isDouble('r')) desk.showResults(poll, !poll.resultsVisible);
  return true;
}
