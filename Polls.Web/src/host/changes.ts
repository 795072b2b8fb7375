import { effect } from '@preact/signals';
import type { PollView } from '../contract/types';
import type { Room } from '../live/room';
import { fill, sentences } from '../messages/text';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';

const t = texts('host');

/** Announces changes of polls to screen readers, whether made by this host, another device or a timer. */
export function announceChanges(room: Room): () => void {
  let known = new Map<string, PollView>();
  return effect(() => {
    const news = room.polls.value.flatMap((poll) => tell(known.get(poll.id), poll));
    known = new Map(room.polls.value.map((poll) => [poll.id, poll]));
    if (news.length > 0) announce(sentences(...news));
  });
}

function tell(before: PollView | undefined, { question, state, resultsVisible }: PollView): string[] {
  if (!before) return [];
  const said = [];
  if (before.state !== state) said.push(fill({ open: t.saysOpened, closed: t.saysClosed, draft: t.saysReset }[state], { question }));
  if (before.resultsVisible !== resultsVisible && state !== 'draft') said.push(resultsVisible ? t.saysShown : t.saysHidden);
  return said;
}
