import { signal, type Signal } from '@preact/signals';
import { Refusal } from '../contract/http';
import type { VoteReceipt } from '../contract/types';
import { backoff } from './backoff';
import { recall, remember, storageKey } from './keepsake';
import type { Room } from './room';

/** A vote to send; no choices withdraw it. */
export interface Ballot {
  pollId: string;
  choices: number[];
  revision: number;
}

/**
 * State of the newest vote in a poll. 'sending' and 'waiting' (for a connection) are temporary; 'retrying': the server
 * could not accept it yet; 'counted': there is a receipt; a refusal has its code.
 */
export type Fate =
  | { kind: 'sending' | 'waiting' | 'retrying' | 'counted' | 'withdrawn' }
  | { kind: 'refused'; code: string };

/**
 * The outbox. A vote stays in it, also across reloads, until the server has answered, and is resent with the same
 * revision. The revision makes sure that it counts once.
 */
export class Ballots {
  readonly fates: Signal<ReadonlyMap<string, Fate>> = signal(new Map());
  readonly outbox: Signal<ReadonlyMap<string, Ballot>>;
  private readonly key: string;
  private readonly inFlight = new Set<string>();
  private attempt = 0;
  private timer = 0;

  constructor(private readonly room: Room, participantId: string) {
    this.key = `outbox.${participantId}`;
    this.outbox = signal(new Map(this.stored().map((ballot) => [ballot.pollId, ballot])));
    for (const ballot of this.outbox.peek().values()) this.tell(ballot.pollId, { kind: 'waiting' });
    addEventListener('storage', this.otherTab);
    room.link.subscribe((link) => {
      if (link === 'live') this.flush();
      else for (const pollId of this.outbox.peek().keys()) this.tell(pollId, { kind: 'waiting' });
    });
  }

  /** The participant's last choices, acknowledged or not. */
  choices(pollId: string): number[] {
    return this.outbox.value.get(pollId)?.choices ?? this.room.votes.value.get(pollId)?.choices ?? [];
  }

  cast(pollId: string, choices: number[]): void {
    // Another tab of the participant may have used further revisions.
    const known = Math.max(
      this.room.votes.peek().get(pollId)?.revision ?? -1, this.outbox.peek().get(pollId)?.revision ?? -1,
      recall<Record<string, number>>(`${this.key}.revisions`)?.[pollId] ?? -1);
    const ballot = { pollId, choices: [...choices].sort((a, b) => a - b), revision: known + 1 };
    remember(`${this.key}.revisions`, { ...recall<Record<string, number>>(`${this.key}.revisions`), [pollId]: ballot.revision });
    this.keep(pollId, ballot);
    this.tell(pollId, { kind: this.room.link.peek() === 'live' ? 'sending' : 'waiting' });
    this.flush();
  }

  end(): void {
    clearTimeout(this.timer);
    removeEventListener('storage', this.otherTab);
  }

  /** The participant voted in another tab; the server does not notify this one. */
  private otherTab = ({ key }: StorageEvent): void => {
    if (key === storageKey(this.key)) void this.room.refresh().catch(() => undefined);
  };

  private flush(): void {
    if (this.room.link.peek() !== 'live') return;
    for (const ballot of this.outbox.peek().values()) void this.send(ballot);
  }

  private async send(ballot: Ballot): Promise<void> {
    if (this.inFlight.has(ballot.pollId)) return;
    this.inFlight.add(ballot.pollId);
    try {
      const receipt = ballot.choices.length > 0
        ? await this.room.connection.call<VoteReceipt>('CastVote', ballot.pollId, { choices: ballot.choices, revision: ballot.revision })
        : await this.room.connection.call<VoteReceipt>('WithdrawVote', ballot.pollId, ballot.revision);
      this.attempt = 0;
      await this.accept(ballot, receipt);
    } catch (error) {
      this.fail(ballot, error instanceof Refusal ? error : new Refusal('internal'));
    } finally {
      this.inFlight.delete(ballot.pollId);
    }

    // The participant may have chosen again meanwhile.
    const next = this.outbox.peek().get(ballot.pollId);
    if (next && next.revision !== ballot.revision) this.flush();
  }

  private async accept(ballot: Ballot, receipt: VoteReceipt): Promise<void> {
    if (this.outbox.peek().get(ballot.pollId)?.revision !== ballot.revision) return;
    if (receipt.revision === ballot.revision) this.room.take(ballot);
    this.done(ballot, { kind: ballot.choices.length > 0 ? 'counted' : 'withdrawn' });
    // The participant voted later on another device: show that vote.
    if (receipt.revision > ballot.revision) await this.room.refresh().catch(() => undefined);
  }

  private fail(ballot: Ballot, refusal: Refusal): void {
    if (this.outbox.peek().get(ballot.pollId)?.revision !== ballot.revision) return;
    if (!refusal.passes) {
      this.done(ballot, { kind: 'refused', code: refusal.code });
      void this.room.refresh().catch(() => undefined);
      return;
    }

    this.tell(ballot.pollId, { kind: this.room.link.peek() === 'live' && refusal.code !== 'offline' ? 'retrying' : 'waiting' });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), Math.max(refusal.retryAfterMs, backoff(this.attempt++)));
  }

  private done(ballot: Ballot, fate: Fate): void {
    this.keep(ballot.pollId, undefined);
    this.tell(ballot.pollId, fate);
  }

  private tell(pollId: string, fate: Fate): void {
    this.fates.value = new Map(this.fates.peek()).set(pollId, fate);
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
    return Array.isArray(kept) ? kept.filter((ballot) => typeof ballot?.pollId === 'string' && Array.isArray(ballot.choices)) : [];
  }
}
