/** Lets this page open again without a connection (src/sw.ts). Later than everything that people wait for. */
export function keepShell(): void {
  if (!('serviceWorker' in navigator)) return;
  const keep = async (): Promise<void> => {
    await navigator.serviceWorker.register('/sw.js');
    const { active } = await navigator.serviceWorker.ready;
    const files = performance.getEntriesByType('resource').map((entry) => entry.name).filter((file) => new URL(file).pathname.startsWith('/assets/'));
    active?.postMessage([location.origin + location.pathname + location.search, ...files]);
  };
  // Without it, because it is switched off or the page is not served securely, only reloading offline is lost.
  setTimeout(() => void keep().catch(() => undefined), 3000);
}
