import { list, sentences } from '../../messages/text';
import { spoken } from '../../ui/spoken';
import type { PhoneKind } from '../parts';
import { Answer, hint } from './Answer';
import { Result } from './Result';
import { shares } from './shares';

/** One or several of the options. */
export const choices: PhoneKind = {
  atOnce: ({ kind }) => kind === 'singleChoice',
  hint,
  Answer,
  Result,
  words: ({ options }, { choices: chosen = [] }) => list(chosen.map((i) => options[i] ?? '')),
  spoken: (poll, tally) => shares(poll, tally).map(({ count, percent }, i) => sentences(poll.options[i]!, spoken(count, percent))),
};
