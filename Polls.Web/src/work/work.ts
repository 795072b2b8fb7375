declare const workScript: string;

/** What joining costs while a flood comes from this address (docs/limits.md). */
export interface Challenge {
  challenge: string;
  bits: number;
}

/** Does the work in the background: a fraction of a second, some seconds at most. */
export const solve = ({ challenge, bits }: Challenge): Promise<{ challenge: string; nonce: string }> => new Promise((done, fail) => {
  const worker = new Worker(workScript);
  worker.onmessage = ({ data }) => {
    worker.terminate();
    done({ challenge, nonce: data as string });
  };
  worker.onerror = fail;
  worker.postMessage([challenge, bits]);
});
