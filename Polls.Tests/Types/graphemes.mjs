// Checks that the pages cut texts between characters as people see them. Prints what differs; nothing if all is well.
import { exportsOf } from './exports.mjs';

const [web] = process.argv.slice(2);
const { cut, fitted } = await exportsOf(web, 'src/live/graphemes.ts');
const family = '👨‍👩‍👧‍👦';
const wholes = [family, '👍🏽', '🇩🇪', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '1️⃣', 'e\u0301', 'ซู้', '❤️‍🔥', '🧑🏿‍🚀', '\u{1D49C}'];

function same(what, found, expected) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) console.log(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}

function check(how) {
  for (const whole of wholes) {
    for (let limit = 0; limit < 2 * whole.length + 2; limit++) {
      const fitting = Math.min(2, Math.floor(Math.max(0, limit - 1) / whole.length));
      same(`${how}, ${whole} to ${limit}`, cut(`x${whole}${whole}`, limit), limit === 0 ? '' : `x${whole.repeat(fitting)}`);
    }
  }

  same(`${how}, a short text`, cut('abc', 3), 'abc');
  // Typing in the middle of a full text leaves out what was typed, not its end.
  same(`${how}, in the middle`, fitted('abcdef', 'abcXYdef', 5, 6), { text: 'abcdef', caret: 3 });
  same(`${how}, half of what was pasted`, fitted('abdef', 'abXYdef', 4, 6), { text: 'abXdef', caret: 3 });
  same(`${how}, a whole emoji or none`, fitted('abdef', `ab${family}def`, 2 + family.length, 8), { text: 'abdef', caret: 2 });
  same(`${how}, in place of all`, fitted('abcdef', `${family}xyz`, family.length + 3, family.length + 1), { text: `${family}x`, caret: family.length + 1 });
  // A mark that joins the last letter and no longer fits does not take the letter away.
  same(`${how}, a mark`, fitted('abcdee', 'abcdee\u0301', 7, 6), { text: 'abcdee', caret: 6 });
}

check('with the segmenter');
delete Intl.Segmenter;
check('without it');
