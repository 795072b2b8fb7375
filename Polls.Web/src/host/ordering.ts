import { computed, signal } from '@preact/signals';
import type { PollView } from '../contract/types';
import { fill } from '../messages/text';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';
import type { HostedRoom } from './hosted';

const t = texts('host');

/** Ordering of polls: immediately on this desk, then for everyone. */
export class Ordering {
  /** The requested order, until the server confirms it. */
  private readonly wanted = signal<string[] | undefined>(undefined);

  /** The order that the requested one was made from. */
  private before: string[] = [];

  private sending = Promise.resolve();

  /** All polls, in the requested order. */
  readonly polls = computed(() => {
    const polls = this.hosted.room.polls.value;
    return this.wanted.value ? inOrder(polls, this.wanted.value) : polls;
  });

  constructor(private readonly hosted: HostedRoom) {}

  move(pollId: string, to: number): void {
    const ids = this.polls.peek().map((poll) => poll.id);
    if (!this.wanted.peek()) this.before = [...ids];
    const from = ids.indexOf(pollId);
    if (from < 0 || to < 0 || to >= ids.length || from === to) return;
    ids.splice(to, 0, ...ids.splice(from, 1));
    this.wanted.value = ids;
    announce(fill(t.moved, { question: this.hosted.find(pollId)!.question, place: to + 1, total: ids.length }));
    // While one order is being sent, the newest one waits.
    if (!this.hosted.jobs.runs('order')) this.sending = this.send();
  }

  /** Resolves when no order is on its way: other commands would pass it, and be refused or make it be refused. */
  sent(): Promise<void> {
    return this.sending;
  }

  private async send(): Promise<void> {
    const { jobs, api, room } = this.hosted;
    const { before } = this;
    const sent = this.wanted.peek();
    if (!sent) return;
    const versions = new Map(room.polls.peek().map(({ id, version }) => [id, version]));
    const done = await jobs.run('order', () => api.order(sent, before), (refusal) => ['poll.badOrder', 'poll.changed'].includes(refusal.code) && this.reload());
    if (done) this.before = sent;
    if (done && this.wanted.peek() !== sent) return this.send();
    // As the server does, which sends the moved polls to all desks, maybe later than this answer.
    if (done) room.polls.value = inOrder(room.polls.peek(), sent).map((poll, position) =>
      (poll.position === position || poll.version !== versions.get(poll.id) ? poll : { ...poll, position, version: (poll.version ?? 0) + 1 }));
    this.wanted.value = undefined;
  }

  /** Someone else changed the polls; their order wins. */
  private reload(): boolean {
    this.hosted.jobs.problem.value = { of: 'order', code: 'poll.badOrder', text: t.badOrder };
    announce(t.badOrder);
    // Without a connection, the next one starts with the whole state anyway.
    this.hosted.room.refresh().catch(() => undefined);
    return true;
  }
}

/** Polls that were added meanwhile come last. */
function inOrder(polls: PollView[], ids: string[]): PollView[] {
  const place = ({ id }: PollView): number => (ids.includes(id) ? ids.indexOf(id) : ids.length);
  return [...polls].sort((a, b) => place(a) - place(b));
}
