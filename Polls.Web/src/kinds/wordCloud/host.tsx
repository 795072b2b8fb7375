import { count, number } from '../../messages/text';
import { wordCloud as t } from '#messages/wordCloud';
import type { FieldsProps, HostKind } from '../parts';
import { Answer, hint } from './Answer';
import { Manage } from './Manage';
import { plain } from './plain';
import { Result } from './Result';
import { limitsOf } from './words';

const most = { words: 10, length: 60 };

function Fields({ settings, change }: FieldsProps) {
  const { words, length } = limitsOf(settings);
  return (
    <>
      {([['max-answers', t.maxAnswers, words, most.words, 'maxAnswers'], ['max-length', t.maxLength, length, most.length, 'maxLength']] as const).map(([id, text, value, highest, name]) => (
        <div key={id} class="field">
          <label for={id}>{text}</label>
          <select id={id} class="input" value={`${value}`} onChange={(event) => change({ [name]: Number(event.currentTarget.value) })}>
            {Array.from({ length: highest }, (_, i) => <option key={i} value={`${i + 1}`}>{number(i + 1)}</option>)}
          </select>
        </div>
      ))}
      {([['filter', t.filter, settings.filter !== false], ['review', t.review, settings.review === true]] as const).map(([name, text, checked]) => (
        <label key={name} class="check">
          <input type="checkbox" checked={checked} onChange={(event) => change({ [name]: event.currentTarget.checked })} /> {text}
        </label>
      ))}
    </>
  );
}

export const wordCloud: HostKind = {
  name: t.name,
  defaults: { maxAnswers: 3, maxLength: 30, filter: true, review: false },
  Fields,
  facts: (settings) => [t.name, count(t.facts, limitsOf(settings).words)],
  Answer,
  hint,
  Result,
  plain,
  Manage,
};
