import { batch, computed, signal } from '@preact/signals';
import { Refusal } from '../contract/http';
import { limits, type Seat } from '../contract/types';
import { sleep } from '../live/backoff';
import type { HostedRoom } from './hosted';

/** The seat codes of a room. */
export class Seats {
  /** Undefined until loaded. */
  readonly all = signal<Seat[] | undefined>(undefined);
  /** How many are used. Which ones is told later, for several at once. */
  readonly taken = signal(0);
  /** Codes that can be printed: those that are not known to be used. */
  readonly free = computed(() => this.all.value?.filter((seat) => !seat.taken).length ?? 0);

  /** The pages to print, as image addresses. */
  readonly sheets = signal<string[] | undefined>(undefined);

  constructor(private readonly hosted: HostedRoom) {}

  /** Whether the room uses seat codes and is open. */
  readonly wanted = computed(() => this.hosted.room.state.value?.assurance === 'seatCode' && !this.hosted.room.ended.value);

  /** Keeps the old numbers if there is no answer. */
  load = (): Promise<void> => this.read().catch(() => undefined);

  /** Creates codes. Returns how many, or undefined on failure. */
  async make(count: number, dealsWith: (refusal: Refusal) => boolean): Promise<number | undefined> {
    let made: number | undefined;
    await this.hosted.jobs.run('seats', async () => {
      made = (await this.hosted.api.addSeats(count)).seats.length;
      // Reload: another device of the host may have created some too.
      await this.load();
    }, dealsWith);
    return made;
  }

  /** Loads all pages, and again if someone joins meanwhile: the remaining codes then move up, and one would be missing. */
  show = (): Promise<boolean> => this.hosted.jobs.run('sheets', async () => {
    for (let attempt = 0; ; attempt++) {
      await this.read();
      const before = this.free.peek();
      const sheets: string[] = [];
      for (let page = 1; page <= Math.ceil(this.free.peek() / limits.seatsPerSheet); page++) {
        const sheet = await this.sheet(page);
        if (sheet) sheets.push(sheet);
      }

      await this.read();
      if (this.free.peek() !== before && attempt < 3) continue;
      this.hosted.dialog.value = undefined;
      this.sheets.value = sheets;
      return;
    }
  });

  private async read(): Promise<void> {
    const { seats, taken } = await this.hosted.api.seats();
    batch(() => {
      this.all.value = seats;
      this.taken.value = taken;
    });
  }

  /** One page as an image; undefined after the last. Waits when the rate limit refuses further pages. */
  private async sheet(page: number): Promise<string | undefined> {
    for (let attempt = 0; ; attempt++) {
      try {
        const svg = await (await this.hosted.api.seatSheet(page)).text();
        return `data:image/svg+xml,${encodeURIComponent(svg)}`;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (error.code === 'notFound') return undefined;
        if (!error.passes || attempt === 5) throw error;
        await sleep(Math.max(error.retryAfterMs, 500));
      }
    }
  }
}
