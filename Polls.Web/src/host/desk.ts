import { computed, effect, signal } from '@preact/signals';
import type { PollView } from '../contract/types';
import { fill, sentences } from '../messages/text';
import { texts } from '../messages/texts';
import { backoff, sleep } from '../live/backoff';
import { attemptFor, forgetAttempt } from '../live/seat';
import { announce } from '../ui/announce';
import { announceChanges } from './changes';
import { HostedRoom, isOlder } from './hosted';
import { Ordering } from './ordering';
import { People } from './people';
import { focusSoon, oneColumn, Place } from './place';
import { asRefusal } from './refusals';
import { keepRoom, type HostedRoom as KnownRoom } from './rooms';
import { Seats } from './seats';
import { noTimer, secondsOf, type Timer } from './timer';
import { Writing } from './writing';

const t = texts('host');
const common = texts('common');

/** The host's desk: what is shown, and all commands for a running room. */
export class Desk extends HostedRoom {
  readonly place = new Place();
  readonly ordering = new Ordering(this);
  readonly writing: Writing;
  readonly seats = new Seats(this);
  readonly people = new People(this);

  /**
   * True for a moment after buttons moved, in which commands are ignored: the second click of a double click on 'save'
   * must not hit 'open'.
   */
  readonly settling = signal(false);

  /** The poll that a confirmation is about, as it was when it was asked for. */
  readonly asked = signal<PollView | undefined>(undefined);

  /** The duration for the next poll that is opened. */
  readonly timer = signal<Timer>(noTimer);

  /** The shown poll: the selected one, otherwise the room's current one. */
  readonly shown = computed(() =>
    this.ordering.polls.value.find((poll) => poll.id === this.place.poll.value) ?? this.room.current.value ?? this.ordering.polls.value[0]);

  /** Whether a one-column layout shows the poll instead of the list. */
  readonly inPoll = computed(() => this.writing.visible.value || this.ordering.polls.value.some((poll) => poll.id === this.place.poll.value));

  private readonly silence: () => void;
  private settled = 0;

  constructor(code: string, token: string) {
    super(code, token);
    this.writing = new Writing(code, this, (poll) => this.select(poll.id));
    this.silence = announceChanges(this.room);
    // Another host was faster: a confirmation must not turn to another poll, or to another state of this one.
    effect(() => {
      const dialog = this.dialog.value;
      if (dialog !== 'reopen' && dialog !== 'reset' && dialog !== 'delete') return;
      const now = this.room.polls.value.find(({ id }) => id === this.asked.value?.id);
      if (now?.state !== this.asked.value?.state) this.dialog.value = undefined;
    });
  }

  leave(): void {
    this.silence();
    this.writing.end();
    this.place.end();
    this.room.connection.end();
  }

  select(pollId: string | undefined): void {
    this.writing.visible.value = false;
    this.timer.value = noTimer;
    this.place.go(pollId);
    this.settle();
    if (pollId && oneColumn.peek()) focusSoon('poll-title');
    else if (pollId) document.getElementById(`item-${pollId}`)?.scrollIntoView({ block: 'nearest' });
  }

  settle(): void {
    clearTimeout(this.settled);
    this.settling.value = true;
    this.settled = setTimeout(() => {
      this.settling.value = false;
    }, 400);
  }

  /** Asks for confirmation; the poll stays on the desk meanwhile. */
  ask(question: 'reopen' | 'reset' | 'delete', poll: PollView): void {
    this.timer.value = noTimer;
    this.place.go(poll.id);
    this.asked.value = poll;
    this.dialog.value = question;
  }

  /** Moves to the next or previous poll. */
  step(by: 1 | -1): void {
    const polls = this.ordering.polls.peek();
    const at = oneColumn.peek() && !this.inPoll.peek() ? -1 : polls.findIndex((poll) => poll.id === this.shown.peek()?.id);
    const next = polls[at + by];
    if (!next) return;
    this.select(next.id);
    // The focus moves along with the mark, so that not two polls are highlighted.
    if (document.activeElement?.closest('.poll-item')) document.getElementById(`item-${next.id}`)?.focus();
    announce(sentences(fill(t.place, { place: polls.indexOf(next) + 1, total: polls.length }), next.question));
  }

  open(poll: PollView): void {
    const seconds = secondsOf(this.timer.peek());
    if (Number.isNaN(seconds)) {
      this.timer.value = { ...this.timer.peek(), asked: true };
      return focusSoon('open-seconds');
    }

    void this.change(poll, () => this.asSeen(poll, (seen) => this.api.open(seen, seconds)));
  }

  close = (poll: PollView): void => void this.change(poll, () => this.api.close(poll.id));

  reset = (poll: PollView): void => void this.change(poll, () => this.asSeen(poll, this.api.reset));

  showResults(poll: PollView, visible: boolean): void {
    void this.change(poll, () => (visible ? this.api.show(poll.id) : this.api.hide(poll.id)), { resultsVisible: visible });
  }

  async remove(poll: PollView): Promise<void> {
    const remove = (): Promise<void> => this.asSeen(poll, this.api.remove).catch((error: unknown) => {
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
      announce(common.ended);
    });
  }

  /** All host tokens of the room stop working, on this device too, which gets a new one. */
  revokeTokens(hosted: KnownRoom): Promise<boolean> {
    const attempt = `host.${hosted.code}`;
    return this.jobs.run('revoke', async () => {
      const { token } = await this.untilAnswered(() => this.api.revokeTokens(attemptFor(attempt)));
      forgetAttempt(attempt);
      const { before: _, ...room } = hosted;
      keepRoom({ ...room, token });
      announce(t.otherDevicesDone);
    });
  }

  /** Repeats work whose answer this device cannot do without; a few times, each a little later. */
  private async untilAnswered<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (attempt === 5 || !asRefusal(error).passes) throw error;
        await sleep(backoff(attempt));
      }
    }
  }

  /** Leads away from the desk also if only a retry succeeds. */
  deleteRoom(gone: () => void): Promise<boolean> {
    return this.jobs.run('end', async () => {
      await this.api.deleteRoom();
      gone();
    });
  }

  /**
   * Runs a command for the poll that the host has seen. Some changes raise its version without changing what was seen,
   * such as the host's own reordering, which it waits for; then the command is repeated for the new version.
   */
  private async asSeen<T>(poll: PollView, work: (poll: PollView) => Promise<T>): Promise<T> {
    await this.ordering.sent();
    for (let seen = poll, attempt = 0; ; attempt++) {
      try {
        return await work(seen);
      } catch (error) {
        const now = asRefusal(error).code === 'poll.changed' && attempt < 5 ? await this.newer(seen) : undefined;
        if (!now || content(now) !== content(poll)) throw error;
        seen = now;
      }
    }
  }

  /** The poll in a newer version, which the instance of this desk may not know yet. */
  private async newer(poll: PollView): Promise<PollView | undefined> {
    for (let attempt = 0; attempt < 20; attempt++) {
      await this.room.refresh();
      const now = this.find(poll.id);
      if (now?.version !== poll.version) return now;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }

    return undefined;
  }

  /**
   * Runs a command for a poll. Hub events that arrive meanwhile can be newer than the answer.
   */
  private change(poll: PollView, work: () => Promise<PollView>, guess?: Partial<PollView>): Promise<boolean> {
    return this.jobs.run(poll.id, async () => {
      const before = this.find(poll.id);
      if (before && guess) this.room.PollChanged({ ...before, ...guess });
      const guessed = this.find(poll.id);
      try {
        const after = await work();
        this.settle();
        if (this.find(poll.id) === guessed || isOlder(this.find(poll.id), after)) this.room.PollChanged(after);
      } catch (error) {
        if (before && this.find(poll.id) === guessed) this.room.PollChanged(before);
        throw error;
      }
    });
  }
}

const content = ({ edition, state, question, options, resultsVisible, openedAt }: PollView): string =>
  JSON.stringify([edition, state, question, options, resultsVisible, openedAt]);
