import { signal } from '@preact/signals';
import type { Refusal } from '../contract/http';
import { announce } from '../ui/announce';
import { asRefusal, explain } from './refusals';

export interface Problem {
  /** The key of the command. */
  of: string;
  code: string;
  text: string;
  /** Retries the command; present if a retry may succeed. */
  again?: () => void;
}

/** Commands in progress. At most one per key, so a double click is one command. */
export class Jobs {
  readonly problem = signal<Problem | undefined>(undefined);
  private readonly running = signal<ReadonlySet<string>>(new Set());

  runs(key: string): boolean {
    return this.running.value.has(key);
  }

  /** The connection is back: a problem that came from losing it is none any more. */
  reconnected(): void {
    if (this.problem.peek()?.code === 'offline') this.problem.value = undefined;
  }

  /** Returns true on success. Shows a refusal unless the caller handles it. */
  async run(key: string, work: () => Promise<void>, dealsWith: (refusal: Refusal) => boolean = () => false): Promise<boolean> {
    if (this.running.peek().has(key)) return false;
    this.running.value = new Set(this.running.peek()).add(key);
    this.problem.value = undefined;
    try {
      await work();
      return true;
    } catch (error) {
      const refusal = asRefusal(error);
      if (!dealsWith(refusal)) {
        this.problem.value = { of: key, code: refusal.code, text: explain(refusal), ...(refusal.passes ? { again: () => void this.run(key, work, dealsWith) } : {}) };
        announce(explain(refusal));
      }

      return false;
    } finally {
      const running = new Set(this.running.peek());
      running.delete(key);
      this.running.value = running;
    }
  }
}
