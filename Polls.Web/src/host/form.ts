import { limits, type PollDraft, type PollKind, type ResultsVisibility } from '../contract/types';
import { noTimer, secondsOf, timerOf, type Timer } from './timer';

export interface Option {
  /** Distinguishes rows of the form. */
  id: number;
  text: string;
}

/** A poll as shown in the form. */
export interface PollForm {
  question: string;
  kind: PollKind;
  options: Option[];
  visibility: ResultsVisibility;
  allowChange: boolean;
  /** 0 means no limit. */
  maxChoices: number;
  timer: Timer;
}

let lastId = Date.now();
export const newOption = (text = ''): Option => ({ id: ++lastId, text });

export const emptyForm = (): PollForm => ({
  question: '', kind: 'singleChoice', options: [newOption(), newOption()], visibility: 'live', allowChange: true, maxChoices: 0, timer: noTimer,
});

export function formOf({ question, kind, options, settings = {} }: PollDraft): PollForm {
  const most = settings.maxChoices ?? 0;
  return {
    question, kind, options: options.map((text) => newOption(text)), visibility: settings.resultsVisibility ?? 'live',
    allowChange: settings.allowChange ?? true, maxChoices: most < options.length && kind === 'multipleChoice' ? most : 0, timer: timerOf(settings.durationSeconds),
  };
}

/** Omits empty rows; replaces line breaks, which are not allowed, by spaces. */
export function draftOf(form: PollForm): PollDraft {
  const options = form.options.map(({ text }) => text.trim()).filter(Boolean);
  const seconds = secondsOf(form.timer);
  return {
    question: form.question.replace(/\s+/g, ' ').trim(), kind: form.kind, options,
    settings: {
      resultsVisibility: form.visibility, allowChange: form.allowChange,
      ...(form.kind === 'multipleChoice' && form.maxChoices > 0 ? { maxChoices: Math.min(form.maxChoices, options.length) } : {}),
      ...(seconds ? { durationSeconds: seconds } : {}),
    },
  };
}

/** Characters that the server refuses: control characters and bidirectional overrides. */
export const unshowable = (text: string): boolean => /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u.test(text);

/** The code of the first problem, as the server would report it. */
export function check(form: PollForm): string | undefined {
  const { question, options } = draftOf(form);
  if (!question || question.length > limits.question || unshowable(question)) return 'poll.badQuestion';
  if (options.length < limits.minOptions || options.some((text) => text.length > limits.option || unshowable(text))) return 'poll.badOptions';
  return Number.isNaN(secondsOf(form.timer)) ? 'poll.badSettings' : undefined;
}

/** Whether the form contains any text. */
export const typed = (form: PollForm): boolean => form.question.trim() !== '' || form.options.some(({ text }) => text.trim() !== '');

/** Puts pasted lines into the options from this row on, reusing empty rows. */
export function pasteLines(options: Option[], at: number, lines: string[]): Option[] {
  const pasted = lines.map((line) => newOption(line.slice(0, limits.option)));
  const after = options.slice(at + 1).filter(({ text }) => text.trim());
  return [...options.slice(0, at), ...pasted, ...after].slice(0, limits.maxOptions);
}
