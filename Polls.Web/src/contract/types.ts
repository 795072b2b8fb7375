/** Types of the public contract (docs/api.md) that the pages use. */

export type RoomStatus = 'open' | 'closed';
export type PollStatus = 'draft' | 'open' | 'closed';
export type PollKind = 'singleChoice' | 'multipleChoice';
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
  maxChoices: number;
  openedAt?: string;
  closesAt?: string;
  tally?: Tally;
  /** Raised by every change of the poll other than votes. Only hosts are told. */
  version?: number;
}

export interface MyVote {
  pollId: string;
  choices: number[];
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

export interface VoteReceipt {
  pollId: string;
  revision: number;
  /** What counts, which can differ from what was sent with this revision. */
  choices: number[];
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
