import { HttpTransportType, HubConnection, HubConnectionBuilder, HubConnectionState, LogLevel } from '@microsoft/signalr';
import { signal } from '@preact/signals';
import { readState, Refusal } from '../contract/http';
import type { PollView, RoomState, Tally } from '../contract/types';
import { backoff, within } from './backoff';

/** What the server tells. */
export interface RoomEvents {
  RoomState(state: RoomState): void;
  PollChanged(poll: PollView): void;
  TallyChanged(tally: Tally): void;
  PresenceChanged(presence: { participants: number }): void;
  RoomClosed(): void;
}

/** 'refused': the token is not accepted (any more); nothing that waiting would mend. */
export type Link = 'connecting' | 'live' | 'broken' | 'refused';

/** The room stands in the address for balancers that send a room's people to one instance. */
const hubPath = '/hubs/room';
const answerMs = 8_000;
const probeMs = 4_000;

/**
 * One room's connection, which comes back by itself for as long as it is wanted: after a lock screen, a tunnel, a
 * change of network, a restarted server. Every new connection begins with the whole state, so nothing is missed.
 */
export class RoomConnection {
  readonly link = signal<Link>('connecting');
  private hub: HubConnection | undefined;
  private attempt = 0;
  private timer = 0;
  private wanted = true;
  private failures = 0;
  private lastSign = 0;

  /** How many events changed the room's state so far. */
  private told = 0;

  constructor(private readonly code: string, private readonly token: string, private readonly events: RoomEvents) {
    addEventListener('online', this.hurry);
    addEventListener('offline', this.lose);
    document.addEventListener('visibilitychange', this.wake);
    void this.connect();
  }

  /** Calls the hub; fails with a Refusal, whose code is 'offline' when no answer came. */
  async call<T>(method: string, ...args: unknown[]): Promise<T> {
    const hub = this.hub;
    if (hub?.state !== HubConnectionState.Connected) throw new Refusal('offline');
    try {
      return await within(answerMs, hub.invoke<T>(method, ...args));
    } catch (error) {
      const code = /^[a-z][A-Za-z0-9]*(?:\.[a-zA-Z0-9]+)*(?=: )/.exec((error as Error).message)?.[0];
      if (code) throw new Refusal(code);
      // No answer on a connection that looks alive: it is not. One that is known to be gone comes back at its own pace.
      if (hub === this.hub && hub.state === HubConnectionState.Connected) void this.restart();
      throw new Refusal('offline');
    }
  }

  /** The whole state. An answer that events have overtaken may be older than they are, so that it is asked for again. */
  async state(): Promise<RoomState> {
    for (;;) {
      const { told } = this;
      const state = await this.call<RoomState>('GetState');
      if (told === this.told) return state;
    }
  }

  end(): void {
    this.wanted = false;
    // Nothing is to be sent over it any more.
    this.link.value = 'broken';
    clearTimeout(this.timer);
    removeEventListener('online', this.hurry);
    removeEventListener('offline', this.lose);
    document.removeEventListener('visibilitychange', this.wake);
    void this.hub?.stop();
  }

  private async connect(): Promise<void> {
    clearTimeout(this.timer);
    const hub = this.build();
    this.hub = hub;
    try {
      await within(15_000, hub.start());
      if (hub !== this.hub || !this.wanted) return void hub.stop();
      this.lastSign = Date.now();
    } catch {
      void hub.stop();
      await this.notWelcome(hub);
    }
  }

  /** An attempt ended before the room's state came: there may be nothing to wait for. */
  private async notWelcome(hub: HubConnection): Promise<void> {
    if (hub !== this.hub || !this.wanted) return;
    this.failures++;
    const refused = await this.isRefused();
    // Asking takes its time: the network may be back meanwhile, and another attempt under way.
    if (hub !== this.hub || !this.wanted) return;
    if (refused) this.link.value = 'refused';
    else this.retry();
  }

  private build(): HubConnection {
    // WebSockets at once; where a network does not let them through, every third attempt takes what works.
    const fallBack = this.failures > 0 && this.failures % 3 === 2;
    const hub = new HubConnectionBuilder()
      .withUrl(`${hubPath}?room=${this.code}`, {
        accessTokenFactory: () => this.token,
        ...(fallBack ? {} : { transport: HttpTransportType.WebSockets, skipNegotiation: true }),
      })
      .configureLogging(LogLevel.None)
      .build();
    let welcome = false;
    const on = <E extends keyof RoomEvents>(event: E): void =>
      hub.on(event, (...args: unknown[]) => {
        if (hub !== this.hub) return;
        this.lastSign = Date.now();
        if (event !== 'TallyChanged' && event !== 'PresenceChanged') this.told++;
        (this.events[event] as (...args: unknown[]) => void)(...args);
        if (event === 'RoomState') {
          welcome = true;
          this.attempt = 0;
          this.failures = 0;
          this.link.value = 'live';
        }
      });
    on('RoomState');
    on('PollChanged');
    on('TallyChanged');
    on('PresenceChanged');
    on('RoomClosed');
    // A room that is gone lets the connection come about first, and ends it then.
    hub.onclose(() => {
      if (!welcome) void this.notWelcome(hub);
      else if (hub === this.hub && this.wanted) this.retry();
    });
    return hub;
  }

  /** A WebSocket that fails does not say why: ask over HTTP whether it was the token. */
  private async isRefused(): Promise<boolean> {
    try {
      await readState(this.code, this.token);
      return false;
    } catch (error) {
      return error instanceof Refusal && ['auth.required', 'auth.wrongRoom', 'auth.forbidden', 'room.notFound'].includes(error.code);
    }
  }

  private retry(): void {
    this.link.value = 'broken';
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), backoff(this.attempt++));
  }

  private async restart(): Promise<void> {
    const hub = this.hub;
    this.hub = undefined;
    this.link.value = 'broken';
    void hub?.stop();
    await this.connect();
  }

  private hurry = (): void => {
    if (this.link.value === 'live' || this.link.value === 'refused') return;
    this.attempt = 0;
    clearTimeout(this.timer);
    // The others behind this access point are back in the same moment.
    this.timer = setTimeout(() => void this.restart(), Math.random() * 300);
  };

  private lose = (): void => {
    if (this.link.value === 'live') this.link.value = 'broken';
    void this.probe();
  };

  private wake = (): void => {
    if (document.visibilityState !== 'visible') return;
    if (this.link.value === 'live') void this.probe();
    else this.hurry();
  };

  /** Finds out whether a connection that slept is still one. */
  private async probe(): Promise<void> {
    const hub = this.hub;
    if (hub?.state !== HubConnectionState.Connected) return;
    const asked = Date.now();
    const { told } = this;
    try {
      const state = await within(probeMs, hub.invoke<RoomState>('GetState'));
      if (hub !== this.hub) return;
      if (told === this.told) this.events.RoomState(state);
      this.link.value = 'live';
    } catch {
      if (hub === this.hub && this.wanted && this.lastSign <= asked) await this.restart();
    }
  }
}
