import { within } from '../live/backoff';

declare const workScript: string;

/** As long as a challenge is valid. */
const patienceMs = 60_000;

/** What joining costs while a flood comes from this address (docs/limits.md). */
export interface Challenge {
  challenge: string;
  bits: number;
}

/** Does the work in the background: 65,536 hashes on average at 16 bits, a million at 20. */
export async function solve({ challenge, bits }: Challenge): Promise<{ challenge: string; nonce: string }> {
  const worker = new Worker(workScript);
  try {
    const nonce = await within(patienceMs, new Promise<string>((done, fail) => {
      worker.onmessage = ({ data }) => done(data as string);
      worker.onerror = fail;
      worker.postMessage([challenge, bits]);
    }));
    return { challenge, nonce };
  } finally {
    worker.terminate();
  }
}
