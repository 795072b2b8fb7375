import { signal } from '@preact/signals';
import { createRef } from 'preact';

interface Held {
  grip: HTMLElement;
  from: number;
  startY: number;
  /** Centres of the rows and the height of one, in page coordinates, at the start of the drag. */
  middles: number[];
  space: number;
}

/** A dragged row follows the pointer while the others make room. The order changes on release. */
export class Dragging {
  readonly list = createRef<HTMLOListElement>();
  readonly id = signal<string | undefined>(undefined);
  private readonly offset = signal(0);
  private readonly to = signal(0);
  private held: Held | undefined;

  constructor(private readonly move: (id: string, to: number) => void) {}

  /** Distance of the row from its place, in px. */
  shift(id: string, index: number): number {
    const dragged = this.id.value;
    if (dragged === undefined || !this.held) return 0;
    if (id === dragged) return this.offset.value;
    const { from, space } = this.held;
    if (index > from && index <= this.to.value) return -space;
    return index < from && index >= this.to.value ? space : 0;
  }

  begin(event: PointerEvent, id: string, from: number): void {
    if (event.button !== 0 || this.held?.grip.isConnected) return;
    event.preventDefault();
    const grip = event.currentTarget as HTMLElement;
    const rows = [...this.list.current!.children].map((row) => row.getBoundingClientRect());
    const own = rows[from]!;
    const next = rows[from + 1];
    const space = next ? next.top - own.top : own.bottom - rows[from - 1]!.bottom;
    this.held = { grip, from, startY: event.clientY + scrollY, middles: rows.map((row) => (row.top + row.bottom) / 2), space };
    this.offset.value = 0;
    this.to.value = from;
    this.id.value = id;
    grip.setPointerCapture(event.pointerId);
    const done = (): void => {
      for (const [name, handler] of handlers) grip.removeEventListener(name, handler);
      this.id.value = undefined;
      this.held = undefined;
    };
    const handlers: [string, (event: Event) => void][] = [
      ['pointermove', (moved) => this.follow((moved as PointerEvent).clientY)],
      ['pointercancel', done],
      ['lostpointercapture', done],
      ['pointerup', () => {
        const to = this.to.peek();
        done();
        if (to !== from) this.move(id, to);
      }],
    ];
    for (const [name, handler] of handlers) grip.addEventListener(name, handler);
  }

  private follow(y: number): void {
    const held = this.held;
    if (!held) return;
    const edge = 48;
    if (y < edge) scrollBy(0, -12);
    else if (y > innerHeight - edge) scrollBy(0, 12);
    this.offset.value = y + scrollY - held.startY;
    const middle = held.middles[held.from]! + this.offset.peek();
    // The new place is the number of rows above the centre of the dragged one.
    this.to.value = held.middles.filter((other, i) => i !== held.from && (i < held.from ? middle > other : middle >= other)).length;
  }
}
