import { limits, type PollDraft, type PollKind, type PollSettings, type ResultsVisibility } from '../contract/types';
import { kinds } from '../kinds/host';
import type { HostKind, OwnSettings } from '../kinds/parts';
import { cut } from '../live/graphemes';
import { fill } from '../messages/text';
import { texts } from '../messages/texts';
import { appearance, isVisible, unshowable } from '../ui/appearance';
import { noTimer, secondsOf, timerOf, type Timer } from './timer';

const t = texts('host');

export interface Option {
  /** Distinguishes rows of the form. */
  id: number;
  text: string;
}

/** A poll as shown in the form. */
export interface PollForm {
  question: string;
  kind: PollKind;
  /** Kept while a kind without options is chosen. */
  options: Option[];
  visibility: ResultsVisibility;
  allowChange: boolean;
  timer: Timer;
  /** The settings that only one kind has, of each kind that was chosen. */
  own: Partial<Record<PollKind, OwnSettings>>;
}

let lastId = Date.now();
export const newOption = (text = ''): Option => ({ id: ++lastId, text });

const blankRows = 2;
const filledUp = (options: Option[]): Option[] => [...options, ...Array.from({ length: Math.max(0, blankRows - options.length) }, () => newOption())];

export const emptyForm = (): PollForm => ({
  question: '', kind: 'singleChoice', options: filledUp([]), visibility: 'afterVote', allowChange: true, timer: noTimer, own: {},
});

/** The kind of the form or draft. The desk writes only kinds that it knows. */
export const kindOf = ({ kind }: { kind: PollKind }): HostKind => kinds[kind]!;

/** What only the poll's kind has of its settings. */
export const ownOf = ({ resultsVisibility: _, allowChange: __, durationSeconds: ___, ...own }: PollSettings): OwnSettings => own;

/** The settings of the chosen kind. */
export const settingsOf = (form: PollForm): OwnSettings => ({ ...kindOf(form).defaults, ...form.own[form.kind] });

export function formOf({ question, kind, options, settings = {} }: PollDraft): PollForm {
  return {
    question, kind, options: filledUp(options.map((text) => newOption(text))), visibility: settings.resultsVisibility ?? 'live',
    allowChange: settings.allowChange ?? true, timer: timerOf(settings.durationSeconds), own: { [kind]: kinds[kind]?.settingsOf?.(ownOf(settings), options.length) ?? ownOf(settings) },
  };
}

/** The texts of the options; empty rows are omitted. */
export const optionTexts = (form: PollForm): string[] =>
  kindOf(form).options ? form.options.map(({ text }) => text.trim()).filter(Boolean) : [];

/** Replaces line breaks, which are not allowed, by spaces. */
export function draftOf(form: PollForm): PollDraft {
  const kind = kindOf(form);
  const options = optionTexts(form);
  const own = settingsOf(form);
  const seconds = secondsOf(form.timer);
  return {
    question: form.question.replace(/\s+/g, ' ').trim(), kind: form.kind, options,
    settings: {
      ...(kind.settingsOf ? kind.settingsOf(own, options.length) : own), resultsVisibility: form.visibility, allowChange: form.allowChange,
      ...(seconds ? { durationSeconds: seconds } : {}),
    },
  };
}

export type OptionFault = 'unshowable' | 'invisible' | 'same';

/** What is wrong with each option's text. An empty row is omitted, so nothing is wrong with it. */
export function optionFaults(options: Option[]): (OptionFault | undefined)[] {
  const known = new Set<string>();
  return options.map(({ text }) => {
    if (!text.trim()) return undefined;
    if (unshowable(text)) return 'unshowable';
    const seen = appearance(text);
    if (!isVisible(text)) return 'invisible';
    if (known.has(seen)) return 'same';
    known.add(seen);
    return undefined;
  });
}

/** What is wrong with a form: a code of the server, and the id of the field that has to be corrected. */
export interface Fault {
  code: string;
  field: string;
  option?: OptionFault | undefined;
  /** What to do about it, if the code alone does not tell. */
  text?: string;
}

/** The first fault, as the server would report it. */
export function check(form: PollForm): Fault | undefined {
  const kind = kindOf(form);
  const { question, options } = draftOf(form);
  if (!isVisible(question) || question.length > limits.question || unshowable(question)) return faultOf('poll.badQuestion', form);
  const faults = optionFaults(form.options);
  const bad = form.options.findIndex(({ text }, i) => faults[i] || text.trim().length > limits.option);
  if (kind.options && bad >= 0) return { code: 'poll.badOptions', field: `option-${bad}`, option: faults[bad] };
  if (kind.options && options.length < kind.options.least)
    return { ...faultOf('poll.badOptions', form), text: fill(t.badOptions, { min: kind.options.least, max: limits.option }) };
  if (kind.options && options.length > kind.options.most)
    return { code: 'poll.badOptions', field: `option-${form.options.length - 1}`, text: fill(t.tooManyOptions, { max: kind.options.most }) };
  const fault = kind.fault?.(settingsOf(form), options.length);
  if (fault) return { code: 'poll.badSettings', ...fault };
  return Number.isNaN(secondsOf(form.timer)) ? { code: 'poll.badSettings', field: 'form-seconds' } : undefined;
}

/** The fault of this code, with the field that most likely has it. */
export function faultOf(code: string, { options, timer }: PollForm): Fault {
  const fields: Record<string, string> = {
    'poll.badQuestion': 'question', 'poll.badKind': `kind-${Object.keys(kinds)[0]}`, 'poll.badSettings': timer.choice === 'custom' ? 'form-seconds' : 'visibility',
    'poll.badOptions': `option-${Math.max(0, options.findIndex(({ text }) => !text.trim()))}`,
  };
  return { code, field: fields[code] ?? 'question' };
}

/** Whether two polls are written alike, whatever their place and state. */
export const isSameDraft = (one: PollDraft, other: PollDraft): boolean =>
  JSON.stringify(draftOf(formOf(one))) === JSON.stringify(draftOf(formOf(other)));

/** Whether the form contains any text. */
export const typed = (form: PollForm): boolean => form.question.trim() !== '' || optionTexts(form).length > 0;

/** A mark before the text of a list's line, which text editors paste as a cell of its own. */
const listMark = /^(?:[\p{Pd}*•·‣◦▪●○]|\(?(?:\p{L}|\p{N}{1,3})[.)])$/u;

/** The lines of a pasted text; of a table, the first column. */
export function linesOf(pasted: string): { lines: string[]; isTable: boolean } {
  let rows = pasted.split(/[\r\n]+/).map((row) => row.split('\t').map((cell) => cell.trim())).filter((cells) => cells.some(Boolean));
  // Columns of nothing but indents or list marks.
  while (rows.length > 0 && rows.every(([first, second]) => second !== undefined && (!first || listMark.test(first)))) rows = rows.map((cells) => cells.slice(1));
  return { lines: rows.map(([first]) => first!).filter(Boolean), isTable: rows.some((cells) => cells.slice(1).some(Boolean)) };
}

/**
 * Options after pasting lines at this row, in place of its selected text. Rows that have text stay; empty ones are
 * reused. Also the last option that was pasted, and how many lines had no space.
 */
export function pasteLines(options: Option[], at: number, unselected: string, lines: string[], most: number): { options: Option[]; last: number; leftOut: number } {
  const filled = options.map((option, i) => (i === at ? { ...option, text: unselected } : option)).filter(({ text }) => text.trim());
  const above = filled.filter(({ id }) => options.findIndex((option) => option.id === id) <= at).length;
  const pasted = lines.slice(0, Math.max(0, most - filled.length)).map((line) => newOption(cut(line, limits.option)));
  const all = filledUp([...filled.slice(0, above), ...pasted, ...filled.slice(above)]);
  return { options: all, last: Math.max(0, above + pasted.length - 1), leftOut: lines.length - pasted.length };
}
