import { signal } from '@preact/signals';
import { backoff } from '../live/backoff';
import { keepShell } from '../live/shell';

/** The addresses of the kinds' style sheets. Written by build.mjs. */
declare const kindStyles: Record<string, string>;

const patience = 3;

/** What the page needs to show a kind of question: loaded, on its way, or not to be had here. */
export type Loading<T> = T | 'loading' | 'unknown';

/** The kinds of one page. Most of them are loaded when a poll of that kind is there. */
export class LazyKinds<T extends object> {
  private readonly parts = signal<ReadonlyMap<string, Loading<T>>>(new Map());

  constructor(private readonly present: Record<string, T>, private readonly sources: Record<string, () => Promise<{ default: T }>>) {}

  get(kind: string): Loading<T> {
    const part = this.present[kind] ?? this.parts.value.get(kind);
    if (part) return part;
    const source = this.sources[kind];
    if (!source) return 'unknown';
    // Not while a component renders: it reads the signal.
    queueMicrotask(() => void this.load(kind, source));
    return 'loading';
  }

  /** After a few failures the page offers to reload itself: a newer server has no files of an older page. */
  private async load(kind: string, source: () => Promise<{ default: T }>): Promise<void> {
    if (this.parts.peek().has(kind)) return;
    this.keep(kind, 'loading');
    for (let attempt = 0; ; attempt++) {
      try {
        const [{ default: part }] = await Promise.all([source(), loadStyle(kind)]);
        keepShell();
        return this.keep(kind, part);
      } catch {
        if (attempt === patience) this.keep(kind, 'unknown');
        await new Promise((resolve) => setTimeout(resolve, backoff(attempt)));
      }
    }
  }

  private keep(kind: string, part: Loading<T>): void {
    this.parts.value = new Map(this.parts.peek()).set(kind, part);
  }
}

function loadStyle(kind: string): Promise<void> {
  const href = kindStyles[kind];
  if (!href) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      reject(new Error(href));
    };
    document.head.append(link);
  });
}
