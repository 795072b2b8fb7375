/**
 * When the focused element leaves the page, moves the focus to the nearest heading or message that can take it
 * (tabindex -1), which is then read out. Otherwise it would fall to the page's body, and keyboards and screen readers
 * would silently start again at the top.
 */
export function keepFocus(): void {
  let path: EventTarget[] = [];
  addEventListener('focusin', (event) => {
    path = event.composedPath();
  });
  new MutationObserver((changes) => {
    const [element] = path;
    if (!(element instanceof HTMLElement) || document.activeElement !== document.body) return;
    if (!element.isConnected) focusNear(path);
    // A row that was moved in its list.
    else if (changes.some(({ removedNodes }) => [...removedNodes].some((node) => node.contains(element)))) element.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true });
}

function focusNear(path: EventTarget[]): void {
  for (const ancestor of path) {
    if (!(ancestor instanceof Element) || !ancestor.isConnected) continue;
    for (const place of ancestor.querySelectorAll<HTMLElement>('[autofocus], [tabindex="-1"]')) {
      // Has no effect on hidden elements.
      place.focus({ preventScroll: true });
      if (document.activeElement === place) return;
    }
  }
}
