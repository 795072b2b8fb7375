import { signal, type Signal } from '@preact/signals';
import { Refusal } from '../contract/http';
import type { Answer, PollView, VoteReceipt } from '../contract/types';
import { answerOf, isNone, isSame } from './answers';
import { backoff } from './backoff';
import { recall, remember } from './keepsake';
import type { Room } from './room';

/** A vote to send; without an answer it withdraws. */
export interface Ballot extends Answer {
  pollId: string;
  /** The poll's edition and question that the participant saw. */
  edition?: number;
  question?: string;
  options?: string[];
  /** The epoch of the store: editions of different ones cannot be compared. */
  epoch?: string | undefined;
  revision: number;
}

/**
 * State of the newest vote in a poll. 'sending' and 'waiting' (for a connection) are temporary; 'retrying': the server
 * could not accept it yet; 'counted': there is a receipt; 'refused': it does not count, with the server's code or one of
 * ours: 'overtaken' and 'overtakenWithdrawn' (what another device or tab did counts), 'tooLateChange' (the earlier vote
 * counts), 'unsent' and 'unsentChange' (the poll closed before the choice was sent), 'restored',
 * 'restoredEarlier' and 'restoredWithdrawn' (it was counted, but the data was restored from a backup without it: then
 * nothing counts, the earlier vote, or the withdrawn one), 'discarded' (it was counted until a host discarded it).
 */
export type Fate =
  | { kind: 'sending' | 'waiting' | 'retrying' | 'counted' | 'withdrawn' }
  | { kind: 'refused'; code: string };

/** A vote that does not count, and why. The participant may not be looking at its poll, or its edition, any more. */
export interface Loss {
  pollId: string;
  edition: number | undefined;
  question: string;
  code: string;
  /** The opening of the poll in which it was lost. */
  openedAt: string | undefined;
}

/** The edition of a poll that a vote or its fate belongs to. */
interface Subject {
  pollId: string;
  edition?: number | undefined;
}

const late = ['poll.notOpen', 'poll.notFound', 'room.ended'];

/**
 * The outbox. A vote stays in it, also across reloads, until the server has answered, and is resent with the same
 * revision. The revision makes sure that it counts once.
 */
export class Ballots {
  private readonly fates: Signal<ReadonlyMap<string, { edition: number | undefined; fate: Fate }>> = signal(new Map());
  readonly losses: Signal<readonly Loss[]>;
  readonly outbox: Signal<ReadonlyMap<string, Ballot>>;
  private readonly key: string;
  private readonly inFlight = new Set<string>();
  private attempt = 0;
  private timer = 0;

  constructor(private readonly room: Room, readonly participantId: string) {
    this.key = `outbox.${participantId}`;
    this.outbox = signal(new Map(this.stored().map((ballot) => [ballot.pollId, ballot])));
    const lost = recall<Loss[]>(`${this.key}.losses`);
    this.losses = signal(Array.isArray(lost) ? lost : []);
    this.losses.subscribe((losses) => remember(`${this.key}.losses`, losses));
    for (const loss of this.losses.peek()) this.tell(loss, { kind: 'refused', code: loss.code });
    for (const ballot of this.outbox.peek().values()) this.tell(ballot, { kind: 'waiting' });
    room.heard = (pollId) => this.forget(pollId);
    room.lost = ({ id: pollId, edition, question, openedAt }, was, now, discarded) => {
      // The participant has voted again since.
      if (this.outbox.peek().has(pollId)) return;
      const code = discarded ? 'discarded' : isNone(now ?? {}) ? 'restored' : isNone(was) ? 'restoredWithdrawn' : 'restoredEarlier';
      this.lose({ pollId, edition, question, code, openedAt });
    };
    room.votes.subscribe((votes) => {
      // A host has restored the vote.
      for (const loss of this.losses.peek()) if (loss.code.endsWith('discarded') && votes.has(loss.pollId)) this.dismiss(loss);
    });
    room.link.subscribe((link) => {
      if (link === 'live') this.flush();
      else for (const ballot of this.outbox.peek().values()) this.tell(ballot, { kind: 'waiting' });
    });
  }

  /** The participant's last answer, acknowledged or not; empty if there is none. */
  answer(pollId: string): Answer {
    const last = this.outbox.value.get(pollId) ?? this.room.votes.value.get(pollId) ?? {};
    return isNone(last) ? {} : answerOf(last);
  }

  /** What became of the newest vote in the poll as it is now. */
  fate({ id, edition }: PollView): Fate | undefined {
    const known = this.fates.value.get(id);
    return known && (known.edition ?? edition) === edition ? known.fate : undefined;
  }

  cast({ id: pollId, edition, question, options }: PollView, answer: Answer): void {
    // Another tab of the participant may have used further revisions.
    const known = Math.max(
      this.room.votes.peek().get(pollId)?.revision ?? -1, this.outbox.peek().get(pollId)?.revision ?? -1,
      recall<Record<string, number>>(`${this.key}.revisions`)?.[pollId] ?? -1);
    const epoch = this.room.state.peek()?.epoch;
    const ballot = { pollId, edition, question, options, epoch, ...answer, revision: known + 1 };
    remember(`${this.key}.revisions`, { ...recall<Record<string, number>>(`${this.key}.revisions`), [pollId]: ballot.revision });
    this.losses.value = this.losses.peek().filter((loss) => loss.pollId !== pollId);
    this.keep(pollId, ballot);
    this.tell(ballot, { kind: this.room.link.peek() === 'live' ? 'sending' : 'waiting' });
    this.flush();
  }

  /** The poll closed while the participant was still choosing. An acknowledged vote still counts. */
  missed(poll: PollView): void {
    const { id: pollId, edition, question, openedAt } = poll;
    this.lose({ pollId, edition, question, code: this.hasVoted(pollId) ? 'unsentChange' : 'unsent', openedAt });
  }

  /** The participant has read what became of the vote. */
  dismiss(loss: Loss): void {
    this.losses.value = this.losses.peek().filter((other) => other !== loss);
    const fate = this.fates.peek().get(loss.pollId)?.fate;
    if (fate?.kind === 'refused' && fate.code === loss.code) this.forget(loss.pollId);
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private flush(): void {
    if (this.room.link.peek() !== 'live') return;
    for (const ballot of this.outbox.peek().values()) void this.send(ballot);
  }

  private async send(ballot: Ballot): Promise<void> {
    if (this.inFlight.has(ballot.pollId)) return;
    // Also a withdrawal, which names no edition to the server.
    const poll = this.room.polls.peek().find(({ id }) => id === ballot.pollId);
    if (poll && ballot.edition !== undefined && (poll.edition !== ballot.edition || this.isOfAnotherPoll(ballot, poll))) {
      this.refuse(ballot, 'poll.edited');
      return;
    }

    this.inFlight.add(ballot.pollId);
    try {
      const receipt = isNone(ballot)
        ? await this.room.connection.call<VoteReceipt>('WithdrawVote', ballot.pollId, ballot.revision)
        : await this.room.connection.call<VoteReceipt>('CastVote', ballot.pollId, { ...answerOf(ballot), revision: ballot.revision, edition: ballot.edition });
      this.attempt = 0;
      this.accept(ballot, receipt);
    } catch (error) {
      this.fail(ballot, error instanceof Refusal ? error : new Refusal('internal'));
    } finally {
      this.inFlight.delete(ballot.pollId);
    }

    // The participant may have chosen again meanwhile.
    const next = this.outbox.peek().get(ballot.pollId);
    if (next && next.revision !== ballot.revision) this.flush();
  }

  /** After a restore, an edition can be another one with the same number. */
  private isOfAnotherPoll({ epoch, question, options }: Ballot, poll: PollView): boolean {
    return epoch !== this.room.state.peek()?.epoch && (question !== poll.question || options?.join('\n') !== poll.options.join('\n'));
  }

  private accept(ballot: Ballot, receipt: VoteReceipt): void {
    if (this.outbox.peek().get(ballot.pollId)?.revision !== ballot.revision) return;
    this.losses.value = this.losses.peek().filter(({ pollId }) => pollId !== ballot.pollId);
    this.keep(ballot.pollId, undefined);
    this.room.take({ pollId: ballot.pollId, revision: receipt.revision, ...answerOf(receipt) });
    // Another device or tab of the participant used this revision first, or a higher one.
    if (!isSame(receipt, ballot)) this.refuse(ballot, isNone(receipt) ? 'overtakenWithdrawn' : 'overtaken');
    else this.tell(ballot, { kind: isNone(ballot) ? 'withdrawn' : 'counted' });
  }

  private fail(ballot: Ballot, refusal: Refusal): void {
    if (this.outbox.peek().get(ballot.pollId)?.revision !== ballot.revision) return;
    if (!refusal.passes) {
      this.refuse(ballot, refusal.code);
      void this.room.refresh().catch(() => undefined);
      return;
    }

    this.tell(ballot, { kind: this.room.link.peek() === 'live' && refusal.code !== 'offline' ? 'retrying' : 'waiting' });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), Math.max(refusal.retryAfterMs, backoff(this.attempt++)));
  }

  private refuse(ballot: Ballot, code: string): void {
    this.keep(ballot.pollId, undefined);
    const reason = late.includes(code) && this.hasVoted(ballot.pollId) ? 'tooLateChange' : code;
    const { pollId, edition, question = '' } = ballot;
    this.lose({ pollId, edition, question, code: reason, openedAt: this.room.polls.peek().find(({ id }) => id === pollId)?.openedAt });
  }

  private lose(loss: Loss): void {
    this.tell(loss, { kind: 'refused', code: loss.code });
    this.losses.value = [...this.losses.peek().filter(({ pollId }) => pollId !== loss.pollId), loss];
  }

  /** Whether an acknowledged vote of the participant counts. */
  private hasVoted(pollId: string): boolean {
    return !isNone(this.room.votes.peek().get(pollId) ?? {});
  }

  /** What was said about the poll's vote is no longer so; a vote on its way still is. */
  private forget(pollId: string): void {
    if (this.outbox.peek().has(pollId)) return;
    const fates = new Map(this.fates.peek());
    fates.delete(pollId);
    this.fates.value = fates;
  }

  private tell({ pollId, edition }: Subject, fate: Fate): void {
    this.fates.value = new Map(this.fates.peek()).set(pollId, { edition, fate });
  }

  /** Another tab shares this storage: change only this poll's entry. */
  private keep(pollId: string, ballot: Ballot | undefined): void {
    const outbox = new Map(this.outbox.peek());
    if (ballot) outbox.set(pollId, ballot);
    else outbox.delete(pollId);
    this.outbox.value = outbox;
    remember(this.key, [...this.stored().filter((other) => other.pollId !== pollId), ...(ballot ? [ballot] : [])]);
  }

  private stored(): Ballot[] {
    const kept = recall<Ballot[]>(this.key);
    return Array.isArray(kept) ? kept.filter((ballot) => typeof ballot?.pollId === 'string' && typeof ballot.revision === 'number') : [];
  }
}
