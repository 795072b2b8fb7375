/// <reference lib="webworker" />
// Searches a nonce beside the page, which stays responsive meanwhile.
import { search } from './search';

export {};
declare const self: DedicatedWorkerGlobalScope;

self.addEventListener('message', ({ data }: MessageEvent<[challenge: string, bits: number]>) => self.postMessage(search(...data)));
