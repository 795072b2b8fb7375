/** Without Intl.Segmenter: a flag, or a character with the marks and joined characters that follow it. */
const likely = /\p{RI}{2}|\r\n|.(?:[\p{M}\p{EMod}\u200C\u{E0020}-\u{E007F}]|\u200D\p{ExtPict}?)*/gsu;

function* ends(text: string): Iterable<number> {
  if ('Segmenter' in Intl) for (const { index, segment } of new Intl.Segmenter().segment(text)) yield index + segment.length;
  else for (const match of text.matchAll(likely)) yield match.index + match[0].length;
}

/** As much of the beginning as has at most this many UTF-16 units and ends between two characters as people see them. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let kept = 0;
  for (const end of ends(text)) {
    if (end > limit) break;
    kept = end;
  }

  return text.slice(0, kept);
}

/**
 * What remains of a text that was typed or pasted into: what stood there before is kept, and what was entered, which ends
 * at the caret, is cut to the space that is left.
 */
export function fitted(before: string, text: string, caret: number, limit: number): { text: string; caret: number } {
  if (text.length <= limit) return { text, caret };
  const tail = text.slice(caret);
  const head = text.slice(0, caret);
  const stood = before.endsWith(tail) ? before.slice(0, before.length - tail.length) : '';
  const fits = cut(head, limit - tail.length);
  // A character that joins the one before it, and no longer fits, does not take that one away.
  const kept = fits.length < stood.length && head.startsWith(stood) && before.length <= limit ? stood : fits;
  return { text: kept + tail, caret: kept.length };
}
