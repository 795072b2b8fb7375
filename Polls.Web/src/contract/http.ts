import { limits, type Assurance, type Cohort, type CreatedRoom, type Discard, type EntryPage, type Joins, type PollDraft, type PollView, type RoomState, type RoomSummary, type Seat, type StoredDraft } from './types';
import { solve, type Challenge } from '../work/work';

/** A failed call: the contract's stable code, or 'offline' if there was no answer; and what joining costs. */
export class Refusal extends Error {
  constructor(readonly code: string, readonly retryAfterMs = 0, readonly work?: Challenge) {
    super(code);
  }

  /** Whether the same call may succeed later. */
  get passes(): boolean {
    return ['offline', 'busy', 'unavailable', 'rateLimited', 'internal', 'join.workRequired'].includes(this.code);
  }
}

const patienceMs = 10_000;

export async function send(
  method: string, path: string, token?: string, body?: unknown, headers: Record<string, string> = {},
): Promise<Response> {
  if (token) headers['authorization'] = `Bearer ${token}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(path, {
      method, headers, signal: AbortSignal.timeout(patienceMs), cache: 'no-store',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Refusal('offline');
  }

  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as { code?: string } & Challenge;
  const code = problem.code ?? (response.status === 429 ? 'rateLimited' : response.status >= 500 ? 'unavailable' : 'request.malformed');
  throw new Refusal(code, Number(response.headers.get('retry-after') ?? 0) * 1000, problem);
}

export async function ask<T>(
  method: string, path: string, token?: string, body?: unknown, headers?: Record<string, string>,
): Promise<T> {
  const response = await send(method, path, token, body, headers);
  try {
    return (response.status === 204 ? undefined : await response.json()) as T;
  } catch {
    throw new Refusal('offline');
  }
}

const room = (code: string): string => `/api/rooms/${encodeURIComponent(code)}`;

export const findRoom = (code: string): Promise<RoomSummary> => ask('GET', room(code));
export const readState = (code: string, token: string): Promise<RoomState> => ask('GET', `${room(code)}/state`, token);

/** While a flood comes from this address, the server asks for work before it lets anybody in. */
export const joinRoom = async (
  code: string, nickname: string, slip?: { seat: string; attempt: string }, token?: string,
): Promise<{ participantId: string; token: string }> => {
  const join = (work?: object): ReturnType<typeof joinRoom> =>
    ask('POST', `${room(code)}/participants`, token, { ...(nickname ? { nickname } : {}), ...slip, ...(work && { work }) });
  return await join().catch(async (refusal: Refusal) => {
    if (refusal.code !== 'join.workRequired') throw refusal;
    return await join(await solve(refusal.work!).catch(() => { throw refusal; }));
  });
};
export const qrCode = (code: string): string => `${room(code)}/qr.svg`;

/** With an account token the room belongs to that account. */
export const createRoom = (title: string, assurance: Assurance, anonymous: boolean, token?: string): Promise<CreatedRoom> =>
  ask('POST', '/api/rooms', token, { title, assurance, anonymous });

/** The command is refused with 'poll.changed' if another host was faster. */
const ifMatch = (version: number | undefined): Record<string, string> => (version === undefined ? {} : { 'if-match': `"${version}"` });

/** Calls that only the host may make. Commands that could undo another host's name the version that this host has seen. */
export class HostApi {
  constructor(private readonly code: string, private readonly token: string) {}

  private ask<T>(method: string, path: string, body?: unknown, seen?: number): Promise<T> {
    return ask<T>(method, room(this.code) + path, this.token, body, ifMatch(seen));
  }

  async read(pollId: string): Promise<StoredDraft> {
    const response = await send('GET', `${room(this.code)}/polls/${pollId}`, this.token);
    try {
      // A proxy that compresses the answer writes W/"7" instead of "7".
      const version = /\d+/.exec(response.headers.get('etag') ?? '')?.[0];
      return { draft: (await response.json()) as PollDraft, version: version ? Number(version) : undefined };
    } catch {
      throw new Refusal('offline');
    }
  }

  write = (draft: PollDraft): Promise<PollView> => this.ask('POST', '/polls', draft);
  edit = (pollId: string, draft: PollDraft, seen?: number): Promise<PollView> => this.ask('PUT', `/polls/${pollId}`, draft, seen);
  remove = ({ id, version }: PollView): Promise<void> => this.ask('DELETE', `/polls/${id}`, undefined, version);
  order = (polls: string[], before: string[]): Promise<void> => this.ask('PUT', '/polls/order', { polls, before });
  open = ({ id, version }: PollView, durationSeconds?: number): Promise<PollView> =>
    this.ask('POST', `/polls/${id}/open`, durationSeconds ? { durationSeconds } : {}, version);
  close = (pollId: string): Promise<PollView> => this.ask('POST', `/polls/${pollId}/close`);
  show = (pollId: string): Promise<PollView> => this.ask('POST', `/polls/${pollId}/show-results`);
  hide = (pollId: string): Promise<PollView> => this.ask('POST', `/polls/${pollId}/hide-results`);
  entries = (pollId: string, sort: string, after: string | undefined): Promise<EntryPage> =>
    this.ask('GET', `/polls/${pollId}/entries?sort=${sort}&limit=${limits.entriesOnPage}${after === undefined ? '' : `&after=${after}`}`);
  onEntry = (pollId: string, n: number, action: 'show' | 'hide' | 'split'): Promise<void> => this.ask('POST', `/polls/${pollId}/entries/${n}/${action}`, {});
  mergeEntry = (pollId: string, n: number, into: number): Promise<void> => this.ask('POST', `/polls/${pollId}/entries/${n}/merge`, { into });
  reset = ({ id, version }: PollView): Promise<PollView> => this.ask('POST', `/polls/${id}/reset`, undefined, version);
  revokeTokens = (attempt: string): Promise<{ token: string }> => this.ask('POST', '/revoke-host-tokens', { attempt });
  addScreen = (): Promise<{ token: string }> => this.ask('POST', '/screens');
  addSeats = (count: number): Promise<{ seats: Seat[] }> => this.ask('POST', '/seats', { count });
  seats = (): Promise<{ seats: Seat[]; taken: number }> => this.ask('GET', '/seats');
  seatSheet = (page: number): Promise<Response> => send('GET', `${room(this.code)}/seats/sheets/${page}.svg`, this.token);
  joins = (): Promise<Joins> => this.ask('GET', '/joins');
  lockJoining = (): Promise<void> => this.ask('POST', '/lock-joining');
  unlockJoining = (): Promise<void> => this.ask('POST', '/unlock-joining');
  discard = (cohort: Cohort): Promise<Discard> => this.ask('POST', '/discards', cohort);
  restore = (discardId: string): Promise<Discard> => this.ask('POST', `/discards/${discardId}/restore`);
  endRoom = (): Promise<void> => this.ask('POST', '/close');
  deleteRoom = (): Promise<void> => this.ask('DELETE', '');
  export = (what: 'results' | 'results.csv' | 'summary.csv' | 'results.xlsx'): Promise<Response> => send('GET', `${room(this.code)}/${what}`, this.token);
}
