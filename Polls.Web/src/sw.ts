/// <reference lib="webworker" />
// The service worker: a page that was opened before opens again without a connection, for example after a reload in a
// tunnel. It caches files only; data always comes from the server over the page's own connection.
export {};
declare const self: ServiceWorkerGlobalScope;

const name = 'polls-1';
const patienceMs = 3000;
const mostFiles = 40;

/** All rooms share one page, so each kind of page is cached once. */
const kept = (url: URL): string => `/${url.pathname.toLowerCase().split('/')[1]?.replace(/^r$/, '') ?? ''}`;

self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const other of await caches.keys()) if (other !== name) await caches.delete(other);
  await self.clients.claim();
})()));

// On the first visit the page loaded before this worker; it lists its files.
self.addEventListener('message', (event) => {
  const urls = event.data as unknown;
  if (Array.isArray(urls)) event.waitUntil(Promise.all(urls.map((url) => fetchAndKeep(new Request(String(url))).catch(() => undefined))));
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/assets/')) event.respondWith(fromCache(event.request.url).then((found) => found ?? fetchAndKeep(event.request)));
  else if (event.request.mode === 'navigate' && isPage(url)) event.respondWith(newestPage(event.request, url));
});

const isPage = (url: URL): boolean => /^\/(?:$|r\/|host(?:\/|$)|screen\/)/.test(url.pathname.toLowerCase());

async function newestPage(request: Request, url: URL): Promise<Response> {
  const coming = fetchAndKeep(request);
  const patience = new Promise<undefined>((resolve) => setTimeout(resolve, patienceMs));
  const came = await Promise.race([coming, patience]).catch(() => undefined);
  return came ?? await fromCache(kept(url)) ?? coming;
}

const fromCache = async (key: string): Promise<Response | undefined> => (await caches.open(name)).match(key);

async function fetchAndKeep(request: Request): Promise<Response> {
  const response = await fetch(request);
  const url = new URL(request.url);
  if (response.ok && (url.pathname.startsWith('/assets/') || isPage(url))) {
    const cache = await caches.open(name);
    await cache.put(isPage(url) ? kept(url) : request.url, response.clone());
    const files = await cache.keys();
    // Oldest first: files of earlier versions.
    for (const old of files.slice(0, Math.max(0, files.length - mostFiles))) await cache.delete(old);
  }

  return response;
}
