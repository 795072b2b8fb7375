/** Lets this page open without a connection (src/sw.ts). Runs after everything that users wait for. */
export function keepShell(): void {
  if (!('serviceWorker' in navigator)) return;
  const keep = async (): Promise<void> => {
    await navigator.serviceWorker.register('/sw.js');
    const { active } = await navigator.serviceWorker.ready;
    const files = performance.getEntriesByType('resource').map((entry) => entry.name).filter((file) => new URL(file).pathname.startsWith('/assets/'));
    active?.postMessage([location.origin + location.pathname + location.search, ...files]);
  };
  // Without it (turned off, or no HTTPS), only offline reloads do not work.
  setTimeout(() => void keep().catch(() => undefined), 3000);
}
