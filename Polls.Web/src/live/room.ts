import { batch, computed, signal } from '@preact/signals';
import type { MyVote, PollView, RoomState, Tally } from '../contract/types';
import { isSame } from './answers';
import { RoomConnection, type RoomEvents } from './connection';

/** An own vote, and the edition of its poll: a reset deletes the votes and starts another one. */
interface OwnVote extends MyVote {
  edition: number;
}

/** Pages that miss an own vote in a state that replaces all own votes ask for it, spread over this time. */
const spreadMs = 2_000;

/**
 * A page's state of its room. Within an epoch of the store, versions never go back: the newest state wins, in any order
 * of arrival.
 */
export class Room implements RoomEvents {
  readonly state = signal<Omit<RoomState, 'polls' | 'myVotes' | 'participants'> | undefined>(undefined);
  readonly polls = signal<PollView[]>([]);
  readonly tallies = signal<ReadonlyMap<string, Tally>>(new Map());
  readonly votes = signal<ReadonlyMap<string, OwnVote>>(new Map());
  readonly participants = signal(0);
  readonly connection: RoomConnection;

  /** Open polls, the latest first. */
  readonly open = computed(() => byOpening(this.polls.value.filter((poll) => poll.state === 'open')));

  /** The current poll: the one opened last, preferably an open one. */
  readonly current = computed(() => this.open.value[0] ?? byOpening(this.polls.value.filter((poll) => poll.state === 'closed'))[0]);

  readonly ended = computed(() => this.state.value?.state === 'closed');
  readonly link = computed(() => this.connection.link.value);

  /** Called when another device has changed the own vote in a poll, or a reset has deleted it. */
  heard: (pollId: string) => void = () => undefined;

  /**
   * Called when an own vote that was counted is gone, because a host has discarded it or the store was restored from a
   * backup; with what counts now.
   */
  lost: (poll: PollView, was: MyVote, now: MyVote | undefined, discarded: boolean) => void = () => undefined;

  /** Own votes that a state lacks which replaces all of them. It may be older than they are. */
  private missing: readonly { vote: OwnVote; poll: PollView; discarded: boolean }[] = [];

  /**
   * The server's time at the page's time origin, in ms. The device's wall clock may jump at any time. Of several answers
   * the quickest is right: the others waited in the network. While a device sleeps its elapsed time may stand still.
   * Measured again for each connection: another instance's clock may be another one.
   */
  private serverOrigin = -Infinity;

  constructor(code: string, token: string) {
    this.connection = new RoomConnection(code, token, this);
  }

  RoomState(state: RoomState): void {
    this.serverOrigin = Math.max(this.link.peek() === 'live' ? this.serverOrigin : -Infinity, Date.parse(state.serverTime) - performance.now());
    const known = this.state.peek();
    const isOtherEpoch = known !== undefined && known.epoch !== state.epoch;
    if (known && !isOtherEpoch && known.version > state.version) return;
    // Discarding and restoring votes does not raise their revisions.
    const replacesVotes = isOtherEpoch || (known !== undefined && known.discards !== state.discards);
    const before = { polls: this.polls.peek(), votes: this.votes.peek() };
    batch(() => {
      const { polls, myVotes, participants, ...rest } = state;
      this.state.value = rest;
      this.participants.value = participants;
      this.polls.value = ordered(polls);
      this.tallies.value = new Map(polls.flatMap((poll) => {
        const tally = newest(isOtherEpoch ? undefined : this.tallies.peek().get(poll.id), poll.tally);
        return tally && poll.tally ? [[poll.id, tally]] : [];
      }));
      const editions = new Map(polls.map((poll) => [poll.id, poll.edition]));
      // A state from before our newest receipt does not contain that vote.
      const votes = new Map([...before.votes].filter(([id, { edition }]) => !replacesVotes && editions.get(id) === edition));
      for (const vote of myVotes) {
        const edition = editions.get(vote.pollId);
        if (edition !== undefined && (votes.get(vote.pollId)?.revision ?? -1) <= vote.revision) votes.set(vote.pollId, { ...vote, edition });
      }

      for (const id of before.votes.keys()) if (!votes.has(id)) this.heard(id);
      this.votes.value = votes;
    });
    const now = ({ pollId }: MyVote): OwnVote | undefined => this.votes.peek().get(pollId);
    const isMissing = (vote: MyVote): boolean => (now(vote)?.revision ?? -1) < vote.revision && !isSame(now(vote) ?? {}, vote);
    if (!replacesVotes) {
      for (const { vote, poll, discarded } of this.missing) if (isMissing(vote)) this.lost(poll, vote, now(vote), discarded);
      this.missing = [];
      return;
    }

    // The votes before the first of several such states are those that were counted.
    this.missing = [...this.missing, ...before.polls.flatMap((poll) => {
      const vote = before.votes.get(poll.id);
      return vote && !this.missing.some((other) => other.poll.id === poll.id) ? [{ vote, poll, discarded: !isOtherEpoch }] : [];
    })].filter(({ vote }) => isMissing(vote));
    if (this.missing.length > 0) setTimeout(() => void this.refresh().catch(() => undefined), Math.random() * spreadMs);
  }

  PollChanged(poll: PollView): void {
    batch(() => {
      this.polls.value = ordered([...this.polls.peek().filter((known) => known.id !== poll.id), poll]);
      const tallies = new Map(this.tallies.peek());
      const tally = newest(tallies.get(poll.id), poll.tally);
      if (poll.tally && tally) tallies.set(poll.id, tally);
      else tallies.delete(poll.id);
      this.tallies.value = tallies;
      const vote = this.votes.peek().get(poll.id);
      if (vote && vote.edition !== poll.edition) {
        this.votes.value = new Map([...this.votes.peek()].filter(([id]) => id !== poll.id));
        this.heard(poll.id);
      }
    });
  }

  /** Another device or tab of the participant has voted. */
  MyVotes(votes: MyVote[]): void {
    for (const vote of votes) {
      if (this.take(vote)) this.heard(vote.pollId);
    }
  }

  TallyChanged(tally: Tally): void {
    const known = this.tallies.peek().get(tally.pollId);
    if (newest(known, tally) !== known) this.tallies.value = new Map(this.tallies.peek()).set(tally.pollId, tally);
  }

  PresenceChanged({ participants }: { participants: number }): void {
    this.participants.value = participants;
  }

  RoomClosed(): void {
    const state = this.state.peek();
    if (state) this.state.value = { ...state, state: 'closed' };
  }

  /** An own vote counts, from here or from another device. Returns whether that is news. */
  take(vote: MyVote): boolean {
    const poll = this.polls.peek().find(({ id }) => id === vote.pollId);
    const known = this.votes.peek().get(vote.pollId);
    if (!poll || (known?.revision ?? -1) > vote.revision) return false;
    this.votes.value = new Map(this.votes.peek()).set(vote.pollId, { ...vote, edition: poll.edition });
    return !isSame(known ?? {}, vote);
  }

  /** Requests the whole state after an event that does not match the known state. */
  async refresh(): Promise<void> {
    this.RoomState(await this.connection.state());
  }

  /** Milliseconds until the timer closes the poll; undefined without a timer. */
  remaining(poll: PollView): number | undefined {
    if (poll.state !== 'open' || !poll.closesAt) return undefined;
    return Math.max(0, Date.parse(poll.closesAt) - (this.serverOrigin + performance.now()));
  }
}

const ordered = (polls: PollView[]): PollView[] => [...polls].sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1));

const byOpening = (polls: PollView[]): PollView[] =>
  [...polls].sort((a, b) => Date.parse(b.openedAt ?? '') - Date.parse(a.openedAt ?? '') || b.position - a.position);

const newest = (known: Tally | undefined, told: Tally | undefined): Tally | undefined =>
  !told || (known && known.version >= told.version) ? known ?? told : told;
