import { HttpTransportType, HubConnection, HubConnectionBuilder, HubConnectionState, LogLevel } from '@microsoft/signalr';
import { signal } from '@preact/signals';
import { readState, Refusal } from '../contract/http';
import type { MyVote, PollView, RoomState, Tally } from '../contract/types';
import { backoff, within } from './backoff';

/** Events of the server. */
export interface RoomEvents {
  RoomState(state: RoomState): void;
  PollChanged(poll: PollView): void;
  TallyChanged(tally: Tally): void;
  MyVotes(votes: MyVote[]): void;
  PresenceChanged(presence: { participants: number }): void;
  RoomClosed(): void;
}

/** 'refused': the token is not accepted; retrying cannot help. */
export type Link = 'connecting' | 'live' | 'broken' | 'refused';

/** The address names the room for balancers that keep a room on one instance. */
const hubPath = '/hubs/room';
const answerMs = 8_000;
const probeMs = 4_000;

/**
 * The connection to one room. Reconnects by itself after a lock screen, a tunnel, a network change or a server restart.
 * Every new connection starts with the whole state, so nothing is missed.
 */
export class RoomConnection {
  readonly link = signal<Link>('connecting');
  private hub: HubConnection | undefined;
  private attempt = 0;
  private timer = 0;
  private wanted = true;
  private failures = 0;
  private lastSign = 0;

  /** Number of events that changed the room's state. */
  private told = 0;

  constructor(private readonly code: string, private readonly token: string, private readonly events: RoomEvents) {
    addEventListener('online', this.hurry);
    addEventListener('offline', this.lose);
    document.addEventListener('visibilitychange', this.wake);
    void this.connect();
  }

  /** Calls the hub. Fails with a Refusal, with the code 'offline' if there is no answer. */
  async call<T>(method: string, ...args: unknown[]): Promise<T> {
    const hub = this.hub;
    if (hub?.state !== HubConnectionState.Connected) throw new Refusal('offline');
    try {
      return await within(answerMs, hub.invoke<T>(method, ...args));
    } catch (error) {
      const code = /^[a-z][A-Za-z0-9]*(?:\.[a-zA-Z0-9]+)*(?=: )/.exec((error as Error).message)?.[0];
      if (code) throw new Refusal(code);
      // No answer on a connection that looks alive means that it is dead. A connection known to be lost reconnects at
      // its own pace.
      if (hub === this.hub && hub.state === HubConnectionState.Connected) void this.restart();
      throw new Refusal('offline');
    }
  }

  /** Requests the whole state. Repeats the request if events arrived meanwhile, because the answer may be older. */
  async state(): Promise<RoomState> {
    for (;;) {
      const { told } = this;
      const state = await this.call<RoomState>('GetState');
      if (told === this.told) return state;
    }
  }

  end(): void {
    this.wanted = false;
    // Do not send over it any more.
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
      this.lastSign = performance.now();
    } catch {
      void hub.stop();
      await this.notWelcome(hub);
    }
  }

  /** An attempt ended before the state arrived: retrying may be pointless. */
  private async notWelcome(hub: HubConnection): Promise<void> {
    if (hub !== this.hub || !this.wanted) return;
    this.failures++;
    const refused = await this.isRefused();
    // The request takes time: meanwhile the network may be back and another attempt in progress.
    if (hub !== this.hub || !this.wanted) return;
    if (refused) this.link.value = 'refused';
    else this.retry();
  }

  private build(): HubConnection {
    // Uses WebSockets directly. If a network blocks them, every third attempt polls: a proxy that blocks WebSockets may
    // also keep server-sent events back.
    const fallBack = this.failures > 0 && this.failures % 3 === 2;
    const { token } = this;
    // Of a WebSocket, SignalR's client would write the token into the address, which proxies log.
    const transport = fallBack ? { transport: HttpTransportType.LongPolling, accessTokenFactory: () => token } : {
      transport: HttpTransportType.WebSockets, skipNegotiation: true,
      WebSocket: class extends WebSocket {
        constructor(url: string) {
          super(url, ['polls.v1', `polls.token.${token}`]);
        }
      },
    };
    const hub = new HubConnectionBuilder()
      .withUrl(`${hubPath}?room=${this.code}`, transport)
      .configureLogging(LogLevel.None)
      .build();
    let welcome = false;
    const on = <E extends keyof RoomEvents>(event: E): void =>
      hub.on(event, (...args: unknown[]) => {
        if (hub !== this.hub) return;
        this.lastSign = performance.now();
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
    on('MyVotes');
    on('TallyChanged');
    on('PresenceChanged');
    on('RoomClosed');
    // For a deleted room, the server accepts the connection first and then closes it.
    hub.onclose(() => {
      if (!welcome) void this.notWelcome(hub);
      else if (hub === this.hub && this.wanted) this.retry();
    });
    return hub;
  }

  /** A failed WebSocket gives no reason: check the token over HTTP. */
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
    // All phones behind this access point reconnect at the same moment.
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

  /** Checks whether a connection survived the device's sleep. */
  private async probe(): Promise<void> {
    const hub = this.hub;
    if (hub?.state !== HubConnectionState.Connected) return;
    const asked = performance.now();
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
