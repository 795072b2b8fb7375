import { motion as t } from '#messages/motion';
import type { PhoneKind } from '../parts';
import { Answer } from './Answer';
import { hint } from './hint';
import { plain } from './plain';
import { Result } from './Result';
import { choices } from './rule';

export default {
  atOnce: () => true,
  hint,
  Answer,
  Result,
  words: (_, { choices: [choice] = [] }) => t[choices[choice!]!],
  plain,
} satisfies PhoneKind;
