// Tags after a black flag (of England, Scotland, Wales …), and what joins emoji into another one, change what is seen.
const emoji = String.raw`(?:\u{1F3F4}[\u{E0020}-\u{E007E}]+\u{E007F}|\p{Extended_Pictographic}(?:[\u{1F3FB}-\u{1F3FF}]|\uFE0F)?)`;
const unseen = new RegExp(
  String.raw`(${emoji}(?:\u200D${emoji})*|[0-9#*]\uFE0F\u20E3)|[\p{Default_Ignorable_Code_Point}\u2800\u3164\u115F\u1160\uFFA0]`, 'gu');

/**
 * What people see of a text: two texts of one appearance look the same, and the appearance of a text without anything
 * visible is empty. Invisible characters are left out, except in emoji sequences; composed and decomposed letters are
 * one, and so is all white space. Letter case counts. The server has the same function (texts.json).
 */
export const appearance = (text: string): string =>
  text.replace(unseen, (_, seen: string | undefined) => seen ?? '').normalize('NFC').replace(/\p{White_Space}+/gu, ' ').replace(/^ | $/g, '');
