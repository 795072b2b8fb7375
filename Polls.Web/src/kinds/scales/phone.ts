import { count, list, number } from '../../messages/text';
import { scales as t } from '#messages/scales';
import type { PhoneKind } from '../parts';
import { Answer } from './Answer';
import { hint } from './hint';
import { plain } from './plain';
import { Result } from './Result';

export default {
  atOnce: () => false,
  hint,
  missing: ({ settings }, { values = [] }) => {
    const open = values.filter((value) => value === null).length;
    return settings.maySkip === false && open > 0 ? count(t.missing, open) : '';
  },
  Answer,
  Result,
  words: ({ options }, { values = [] }) => list(options.map((text, i) => `${text}: ${typeof values[i] === 'number' ? number(values[i]) : '–'}`)),
  plain,
} satisfies PhoneKind;
