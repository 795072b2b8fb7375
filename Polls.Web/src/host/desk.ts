import { computed, signal } from '@preact/signals';
import { HostApi } from '../contract/http';
import type { PollView } from '../contract/types';
import { Room } from '../live/room';
import { fill } from '../messages/text';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';
import { announceChanges } from './changes';
import { Jobs } from './jobs';
import { focusSoon, oneColumn, Place } from './place';
import { asRefusal } from './refusals';
import { noTimer, secondsOf, type Timer } from './timer';
import { Writing } from './writing';

const t = texts('host');

export type DialogName = 'menu' | 'qr' | 'device' | 'shortcuts' | 'end' | 'reopen' | 'reset' | 'delete' | 'discard';

/** The host's desk: what is looked at, and everything a host does to a running room. */
export class Desk {
  readonly room: Room;
  readonly api: HostApi;
  readonly jobs = new Jobs();
  readonly place = new Place();
  readonly writing: Writing;
  readonly dialog = signal<DialogName | undefined>(undefined);

  /**
   * A moment in which no command is taken, because the buttons have just changed: the second half of a double click on
   * 'close' must not hit 'reopen' in the same place.
   */
  readonly settling = signal(false);

  /** For the poll that is opened next. */
  readonly timer = signal<Timer>(noTimer);

  /** The order asked for, until the server has it. */
  private readonly order = signal<string[] | undefined>(undefined);

  readonly polls = computed(() => {
    const order = this.order.value;
    const polls = this.room.polls.value;
    return order ? [...polls].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id)) : polls;
  });

  /** The poll on the desk: the one chosen, else what everybody looks at. */
  readonly shown = computed(() =>
    this.polls.value.find((poll) => poll.id === this.place.poll.value) ?? this.room.current.value ?? this.polls.value[0]);

  /** Whether the poll, not the list, is seen where there is room for one only. */
  readonly inPoll = computed(() => this.writing.visible.value || this.polls.value.some((poll) => poll.id === this.place.poll.value));

  private readonly silence: () => void;
  private settled = 0;

  constructor(code: string, token: string) {
    this.room = new Room(code, token);
    this.api = new HostApi(code, token);
    this.writing = new Writing(code, this);
    this.silence = announceChanges(this.room);
  }

  leave(): void {
    this.silence();
    this.place.end();
    this.room.connection.end();
  }

  select(pollId: string | undefined): void {
    this.writing.visible.value = false;
    this.timer.value = noTimer;
    this.place.go(pollId);
    if (pollId && oneColumn.peek()) focusSoon('poll-title');
  }

  /** On to a poll by a button that becomes another one thereby. */
  goOn(pollId: string): void {
    this.settle();
    this.select(pollId);
  }

  private settle(): void {
    clearTimeout(this.settled);
    this.settling.value = true;
    this.settled = setTimeout(() => {
      this.settling.value = false;
    }, 400);
  }

  /** Asks before something is done to this poll, which stays on the desk meanwhile. */
  ask(question: 'reopen' | 'reset' | 'delete', poll: PollView): void {
    this.timer.value = noTimer;
    this.place.go(poll.id);
    this.dialog.value = question;
  }

  /** The neighbour of the poll that is shown. */
  step(by: 1 | -1): void {
    const polls = this.polls.peek();
    const next = polls[polls.findIndex((poll) => poll.id === this.shown.peek()?.id) + by];
    if (!next) return;
    this.select(next.id);
    announce(`${fill(t.place, { place: polls.indexOf(next) + 1, total: polls.length })}. ${next.question}`);
  }

  open(poll: PollView): void {
    const seconds = secondsOf(this.timer.peek());
    if (Number.isNaN(seconds)) return focusSoon('open-seconds');
    void this.change(poll, () => this.api.open(poll.id, seconds));
  }

  close = (poll: PollView): void => void this.change(poll, () => this.api.close(poll.id));

  reset = (poll: PollView): void => void this.change(poll, () => this.api.reset(poll.id));

  showResults(poll: PollView, visible: boolean): void {
    void this.change(poll, () => (visible ? this.api.show(poll.id) : this.api.hide(poll.id)), { resultsVisible: visible });
  }

  async remove(poll: PollView): Promise<void> {
    const remove = (): Promise<void> => this.api.remove(poll.id).catch((error: unknown) => {
      if (asRefusal(error).code !== 'poll.notFound') throw error;
    });
    if (!(await this.jobs.run(poll.id, remove))) return;
    this.room.polls.value = this.room.polls.peek().filter((other) => other.id !== poll.id);
    announce(t.deleted);
    this.select(undefined);
    focusSoon('list-title');
  }

  endRoom(): Promise<boolean> {
    return this.jobs.run('end', async () => {
      await this.api.endRoom();
      this.room.RoomClosed();
      announce(t.ended);
    });
  }

  /** Moves a poll to another place, at once here and then for everybody. */
  move(pollId: string, to: number): void {
    const ids = this.polls.peek().map((poll) => poll.id);
    const from = ids.indexOf(pollId);
    if (from < 0 || to < 0 || to >= ids.length || from === to) return;
    ids.splice(to, 0, ...ids.splice(from, 1));
    this.order.value = ids;
    announce(fill(t.moved, { question: this.find(pollId)!.question, place: to + 1, total: ids.length }));
    void this.sendOrder();
  }

  private async sendOrder(): Promise<void> {
    const sent = this.order.peek();
    if (!sent) return;
    const free = !this.jobs.runs('order');
    const done = await this.jobs.run('order', () => this.api.order(sent), (refusal) => refusal.code === 'poll.badOrder' && !!this.reload());
    // Moved again meanwhile: whoever is waiting for an answer sends the newest order after it.
    if (!free) return;
    if (done && this.order.peek() !== sent) return this.sendOrder();
    if (done) this.room.polls.value = sent.flatMap((id, position) => this.room.polls.peek().filter((poll) => poll.id === id).map((poll) => ({ ...poll, position })));
    this.order.value = undefined;
  }

  /** Somebody else changed the polls: theirs is the truth. */
  private reload(): Promise<void> {
    this.jobs.problem.value = { text: t.badOrder };
    announce(t.badOrder);
    return this.room.refresh().catch(() => undefined);
  }

  find(pollId: string): PollView | undefined {
    return this.room.polls.peek().find((poll) => poll.id === pollId);
  }

  /**
   * Does something to a poll. What the hub tells meanwhile is at least as new as the answer, so the answer only counts
   * when nothing was told.
   */
  private change(poll: PollView, work: () => Promise<PollView>, guess?: Partial<PollView>): Promise<boolean> {
    return this.jobs.run(poll.id, async () => {
      const before = this.find(poll.id);
      if (before && guess) this.room.PollChanged({ ...before, ...guess });
      const guessed = this.find(poll.id);
      try {
        const after = await work();
        this.settle();
        if (this.find(poll.id) === guessed) this.room.PollChanged(after);
      } catch (error) {
        if (before && this.find(poll.id) === guessed) this.room.PollChanged(before);
        throw error;
      }
    });
  }
}
