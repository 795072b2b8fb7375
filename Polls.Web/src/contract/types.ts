/** Types of the public contract (docs/api.md) that the pages use. */

export type RoomStatus = 'open' | 'closed';
export type PollStatus = 'draft' | 'open' | 'closed';
/** Newer servers can have further kinds. */
export type PollKind = 'singleChoice' | 'multipleChoice' | 'rating' | 'scales' | 'ranking' | 'points' | 'motion' | 'unknown';
export type ResultsVisibility = 'live' | 'afterClose' | 'hostOnly';
export type Assurance = 'device' | 'open' | 'seatCode' | 'account';

export interface Tally {
  pollId: string;
  version: number;
  counts: number[];
  voters: number;
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
  /** Of choices. */
  maxChoices?: number;
  /** All settings, defaults filled in. */
  settings: PollSettings & Record<string, unknown>;
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
}

/** A seat code: admits one person, once. */
export interface Seat {
  number: number;
  code: string;
  url: string;
  taken: boolean;
}

export interface PollSettings {
  maxChoices?: number;
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
export const limits = { polls: 200, title: 200, question: 500, option: 200, nickname: 40, minOptions: 2, maxOptions: 20, seconds: 86_400, seatsAtOnce: 2_000, seats: 10_000, seatsPerSheet: 24 } as const;
