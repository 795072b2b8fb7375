import { computed, signal } from '@preact/signals';
import { Refusal } from '../contract/http';
import { limits, type Seat } from '../contract/types';
import { sleep } from '../live/backoff';
import type { HostedRoom } from './hosted';

/** The seat codes of a room that asks for them. */
export class Seats {
  /** Undefined until they are known. */
  readonly all = signal<Seat[] | undefined>(undefined);
  readonly taken = computed(() => this.all.value?.filter((seat) => seat.taken).length ?? 0);
  readonly free = computed(() => (this.all.value?.length ?? 0) - this.taken.value);

  /** The pages that are looked at to be printed, as addresses of pictures. */
  readonly sheets = signal<string[] | undefined>(undefined);

  constructor(private readonly hosted: HostedRoom) {}

  /** Whether the room asks for codes, and people can still join. */
  readonly wanted = computed(() => this.hosted.room.state.value?.assurance === 'seatCode' && !this.hosted.room.ended.value);

  /** Without an answer the numbers stay as they were. */
  load = (): Promise<void> => this.read().catch(() => undefined);

  /** How many codes are ready now, or undefined when that did not work. */
  async make(count: number, dealsWith: (refusal: Refusal) => boolean): Promise<number | undefined> {
    let made: number | undefined;
    await this.hosted.jobs.run('seats', async () => {
      made = (await this.hosted.api.addSeats(count)).seats.length;
      // Not from the answer alone: another device of the host may have made some too.
      await this.load();
    }, dealsWith);
    return made;
  }

  /** Fetches all pages, again while somebody joins meanwhile: the free codes move up then, and one would be missing. */
  show = (): Promise<boolean> => this.hosted.jobs.run('sheets', async () => {
    for (let attempt = 0; ; attempt++) {
      await this.read();
      const before = this.taken.peek();
      const sheets: string[] = [];
      for (let page = 1; page <= Math.ceil(this.free.peek() / limits.seatsPerSheet); page++) {
        const sheet = await this.sheet(page);
        if (sheet) sheets.push(sheet);
      }

      await this.read();
      if (this.taken.peek() !== before && attempt < 3) continue;
      this.hosted.dialog.value = undefined;
      this.sheets.value = sheets;
      return;
    }
  });

  private async read(): Promise<void> {
    this.all.value = (await this.hosted.api.seats()).seats;
  }

  /** A page as a picture; undefined when there is none any more. Many pages are more than a host may ask for at once. */
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
