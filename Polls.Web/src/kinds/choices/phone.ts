import { list } from '../../messages/text';
import type { PhoneKind } from '../parts';
import { Answer, hint } from './Answer';
import { plain } from './plain';
import { Result } from './Result';

/** One or several of the options. */
export const choices: PhoneKind = {
  atOnce: ({ kind }) => kind === 'singleChoice',
  hint,
  Answer,
  Result,
  words: ({ options }, { choices: chosen = [] }) => list(chosen.map((i) => options[i] ?? '')),
  plain,
};
