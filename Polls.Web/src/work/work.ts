declare const workScript: string;

/** As long as a challenge is valid. */
const patienceMs = 60_000;

/** What joining costs while a flood comes from this address (docs/limits.md). */
export interface Challenge {
  challenge: string;
  bits: number;
}

/** Does the work in the background: a fraction of a second, some seconds at most. */
export const solve = ({ challenge, bits }: Challenge): Promise<{ challenge: string; nonce: string }> => new Promise((done, fail) => {
  const worker = new Worker(workScript);
  const end = (): void => {
    clearTimeout(timer);
    worker.terminate();
  };
  const giveUp = (): void => {
    end();
    fail(new Error());
  };
  const timer = setTimeout(giveUp, patienceMs);
  worker.onmessage = ({ data }) => {
    end();
    done({ challenge, nonce: data as string });
  };
  worker.onerror = giveUp;
  worker.postMessage([challenge, bits]);
});
