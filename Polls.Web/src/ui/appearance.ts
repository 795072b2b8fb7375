const space = /[\p{White_Space}\u2800]/u;
const invisible = /[\p{Default_Ignorable_Code_Point}\u2800\uFFFC\u{1D159}]/u;
const tag = /[\u{E0020}-\u{E007F}]/u;
/** The blocks of scripts with joined letters: Arabic to Myanmar, Tagalog to Mongolian. */
const joining = /[\u0600-\u109F\u1700-\u18AF]/u;
const symbol = /[\p{So}\p{Sm}]/u;
const beforeJoiner = /[\p{So}\p{Sm}\uFE0F\u{1F3FB}-\u{1F3FF}]/u;

/**
 * What people see of a text: two texts of one appearance look the same, and the appearance of a text without anything
 * visible is empty. Invisible characters are left out, except where they change letters or emoji; composed and
 * decomposed letters are one, and so is all white space. Letter case counts. The server has the same function
 * (TextRules.cs, texts.json).
 */
export function appearance(text: string): string {
  const points = [...text.normalize('NFC')];
  let seen = '';
  let isSpaced = false;
  let isFlag = false;
  points.forEach((point, i) => {
    isFlag = point === '\u{1F3F4}' || (isFlag && tag.test(point));
    if (space.test(point)) {
      isSpaced = true;
    } else if (!invisible.test(point) || (isFlag && tag.test(point)) || joins(points, i)) {
      seen += (isSpaced && seen ? ' ' : '') + point;
      isSpaced = false;
    }
  });
  // What was left out may have kept a letter and its mark apart.
  return seen.normalize('NFC');
}

/** Whether something of the text can be seen: more than marks, which need a letter to stand on. */
export const isVisible = (text: string): boolean => /[^\p{Zs}\p{Cc}\p{Cf}\p{Mn}\p{Me}]/u.test(appearance(text));

/** Whether it has characters that the server refuses: control characters, bidirectional overrides and noncharacters. */
export const unshowable = (text: string): boolean => /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069\uFDD0-\uFDEF\uFFFE\uFFFF]/u.test(text);

/** Whether the joiner or non-joiner at this place changes what is seen. */
function joins(points: readonly string[], place: number): boolean {
  const [before, point, after] = [points[place - 1] ?? '', points[place], points[place + 1] ?? ''];
  return (/[\u200C\u200D]/.test(point!) && joining.test(before) && joining.test(after))
    || (point === '\u200D' && beforeJoiner.test(before) && symbol.test(after));
}
