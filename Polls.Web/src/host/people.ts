import { signal } from '@preact/signals';
import type { JoinMinute, Joins } from '../contract/types';
import type { HostedRoom } from './hosted';

const everyMs = 30_000;
const minuteMs = 60_000;

/** How people joined a room, and what its host does about ballot stuffing. */
export class People {
  /** Undefined until loaded. */
  readonly joins = signal<Joins | undefined>(undefined);

  /** The minute that a confirmation is about; undefined for everybody. */
  readonly asked = signal<JoinMinute | undefined>(undefined);

  constructor(private readonly hosted: HostedRoom) {}

  /** Keeps the old numbers if there is no answer. */
  load = (): Promise<void> => this.hosted.api.joins().then((joins) => {
    this.joins.value = joins;
  }).catch(() => undefined);

  /** Loads the numbers regularly while the page is visible. Returns a function that stops it. */
  watch(): () => void {
    let timer = 0;
    const look = (): void => {
      clearTimeout(timer);
      if (document.visibilityState !== 'visible') return;
      void this.load();
      timer = setTimeout(look, everyMs * (0.8 + Math.random() * 0.4));
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }

  lock(locked: boolean): Promise<boolean> {
    const { api, jobs, room } = this.hosted;
    return jobs.run('people', async () => {
      await (locked ? api.lockJoining() : api.unlockJoining());
      const state = room.state.peek();
      if (state) room.state.value = { ...state, joiningLocked: locked };
    });
  }

  /** Discards the votes of people who never connected: of those who joined in the asked minute, or of all. */
  discard(): Promise<boolean> {
    const minute = this.asked.peek();
    const joined = minute && { joinedFrom: minute.at, joinedUntil: new Date(Date.parse(minute.at) + minuteMs).toISOString() };
    return this.change(() => this.hosted.api.discard({ ...joined, neverConnected: true }));
  }

  restore = (discardId: string): Promise<boolean> => this.change(() => this.hosted.api.restore(discardId));

  private change(command: () => Promise<unknown>): Promise<boolean> {
    return this.hosted.jobs.run('people', async () => {
      await command();
      await this.load();
    });
  }
}
