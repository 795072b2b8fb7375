/** The room code in an address of the given kind. Allows spaces and dashes between typed digits. */
export function codeIn(path: string, kind: 'r' | 'host' | 'screen'): string | undefined {
  const [, first, code, more] = path.split('/');
  if (first?.toLowerCase() !== kind || !code || more) return undefined;
  try {
    return decodeURIComponent(code).replace(/[\s-]/g, '') || code;
  } catch {
    return code;
  }
}
