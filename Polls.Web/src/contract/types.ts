/** Types of the public contract (docs/api.md) that the pages use. */

export type RoomStatus = 'open' | 'closed';
export type PollStatus = 'draft' | 'open' | 'closed';
/** Newer servers can have further kinds. */
export type PollKind = 'singleChoice' | 'multipleChoice' | 'rating' | 'scales' | 'ranking' | 'points' | 'motion' | 'wordCloud' | 'numeric' | 'unknown';
export type ResultsVisibility = 'live' | 'afterVote' | 'afterClose' | 'hostOnly';
export type Assurance = 'device' | 'open' | 'seatCode' | 'account';

export interface Tally {
  pollId: string;
  version: number;
  counts: number[];
  voters: number;
  entries?: Entries;
  numbers?: Numbers;
  /** How many answers a host has discarded. No other number includes them. */
  discarded?: number;
}

/** The words that most people gave, and what the rest adds up to. */
export interface Entries {
  total: number;
  items: Entry[];
  /** The sum of the counts of all that are shown but not among the items. */
  others: number;
  /** Only hosts are told. */
  hidden?: number;
  pending?: number;
}

export interface Entry {
  n: number;
  text: string;
  count: number;
  /** Only where it is not 'shown'. */
  state?: string;
  /** Of a merged one: the other. */
  into?: number;
}

/** A page of a poll's entries; next is there if more follow. */
export interface EntryPage {
  version: number;
  total: number;
  items: Entry[];
  next?: string;
}

/** Figures of all numbers; without any, only n. */
export interface Numbers {
  n: number;
  min?: number;
  max?: number;
  mean?: number;
  median?: number;
  q1?: number;
  q3?: number;
  /** How many numbers are in each interval of this width, the first beginning at 'from'; the last one includes its end. */
  bins?: number[];
  from?: number;
  width?: number;
}

export interface PollView {
  id: string;
  edition: number;
  position: number;
  kind: PollKind;
  question: string;
  options: string[];
  state: PollStatus;
  resultsVisible: boolean;
  allowChange: boolean;
  /** All settings, defaults filled in. */
  settings: PollSettings;
  openedAt?: string;
  closesAt?: string;
  /** Of an opened motion: how many were entitled to vote. */
  entitled?: number;
  tally?: Tally;
  /** Raised by every change of the poll other than votes. Only hosts are told. */
  version?: number;
}

/** Exactly the member of the poll's kind; none, or no choices, if withdrawn. */
export interface Answer {
  choices?: number[];
  value?: number;
  values?: (number | null)[];
  ranking?: number[];
  points?: number[];
  number?: number;
  texts?: string[];
}

export interface MyVote extends Answer {
  pollId: string;
  revision: number;
}

export interface RoomState {
  code: string;
  title: string;
  state: RoomStatus;
  /** Another one replaces everything: the store may have gone back, and versions with it. */
  epoch: string;
  version: number;
  participants: number;
  polls: PollView[];
  myVotes: MyVote[];
  serverTime: string;
  assurance: Assurance;
  joiningLocked: boolean;
  /** Grows when a host discards or restores votes of participants; absent before. */
  discards?: number;
}

/** Its answer is what counts, which can differ from what was sent with this revision. */
export interface VoteReceipt extends Answer {
  pollId: string;
  revision: number;
  /** Missing while the results are hidden. */
  tallyVersion?: number;
  castAt: string;
}

export interface RoomSummary {
  code: string;
  title: string;
  state: RoomStatus;
  participants: number;
  assurance: Assurance;
  /** Whether the room stores no nicknames. */
  anonymous: boolean;
  joiningLocked: boolean;
}

/** How people joined a room. People whose votes are discarded are not counted. */
export interface Joins {
  joiningLocked: boolean;
  joined: number;
  /** How many never connected as a page does. */
  neverConnected: number;
  votersNeverConnected: number;
  /** Whether somebody may be stuffing the ballot. */
  warning: boolean;
  /** Newest first. */
  minutes: JoinMinute[];
  /** Newest first. */
  discards: Discard[];
}

/** The people who joined within a minute. */
export interface JoinMinute {
  at: string;
  joined: number;
  neverConnected: number;
  votersNeverConnected: number;
}

/** Whose votes to discard: those of everybody to whom all of this applies. */
export interface Cohort {
  joinedFrom?: string;
  joinedUntil?: string;
  neverConnected?: true;
}

/** Votes that were discarded together. */
export interface Discard {
  id: string;
  at: string;
  joinedFrom?: string;
  joinedUntil: string;
  neverConnected: boolean;
  people: number;
  votes: number;
  restoredAt?: string;
}

/** A seat code: admits one person, once. */
export interface Seat {
  number: number;
  code: string;
  url: string;
  taken: boolean;
}

/** The settings that all kinds have, and those of the poll's kind (docs/kinds.md). */
export interface PollSettings extends Record<string, unknown> {
  resultsVisibility?: ResultsVisibility;
  allowChange?: boolean;
  durationSeconds?: number;
}

export interface PollDraft {
  question: string;
  kind: PollKind;
  options: string[];
  settings?: PollSettings;
}

/** A poll as stored, and its version, if no proxy has removed it. */
export interface StoredDraft {
  draft: PollDraft;
  version: number | undefined;
}

export interface CreatedRoom {
  roomId: string;
  code: string;
  title: string;
  hostToken: string;
  joinUrl: string;
  screenUrl: string;
}

/** Bounds that the server enforces; the pages only help users to keep them. */
export const limits = { polls: 200, title: 200, question: 500, option: 200, nickname: 40, seconds: 86_400, seatsAtOnce: 2_000, seats: 10_000, seatsPerSheet: 24, entriesOnPage: 50 } as const;
