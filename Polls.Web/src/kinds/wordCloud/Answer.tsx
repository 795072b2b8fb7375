import { useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { count, fill } from '../../messages/text';
import { texts } from '../../messages/texts';
import { wordCloud as t } from '#messages/wordCloud';
import { announce } from '../../ui/announce';
import type { AnswerProps } from '../parts';
import { Head } from './Head';
import { clean, cutTo, isBad, limitsOf } from './words';

const common = texts('common');

/** A field per word; the next one appears when the last has text. */
export function Answer({ poll, tally, answer, locked, choose, send }: AnswerProps) {
  const limits = limitsOf(poll.settings);
  const given = answer.texts ?? [];
  const rows = useSignal<string[]>(given);
  const note = useSignal('');
  // What another device has sent, or what the server has made of it.
  // Runs before the next event, which may be another letter.
  useLayoutEffect(() => {
    if (rows.peek().map(clean).filter(Boolean).join('\n') !== given.join('\n')) rows.value = given;
  }, [given.join('\n')]);
  const shown = rows.value.length < limits.words && rows.value.every((row) => clean(row)) ? [...rows.value, ''] : rows.value;
  const take = (texts: string[], about: string): void => {
    note.value = about;
    if (about) announce(about);
    rows.value = texts;
    const words = texts.map(clean).filter(Boolean);
    choose(words.length > 0 ? { texts: words } : {});
  };
  const write = (event: Event, at: number): void => {
    const field = event.currentTarget as HTMLInputElement;
    const { value } = field;
    if (!(event as InputEvent).isComposing) field.value = cutTo(value, limits.length);
    take(shown.map((row, i) => (i === at ? field.value : row)), field.value === value ? '' : common.tooLong);
  };
  /** Each pasted line is a word. */
  const paste = (event: ClipboardEvent, at: number): void => {
    const lines = (event.clipboardData?.getData('text') ?? '').split(/[\r\n\t]+/).map(clean).filter(Boolean);
    if (locked || lines.length < 2) return;
    event.preventDefault();
    const fitted = lines.map((line) => cutTo(line, limits.length));
    const all = [...shown.slice(0, at + 1).filter(clean), ...fitted, ...shown.slice(at + 1).filter(clean)];
    take(all.slice(0, limits.words), all.length > limits.words ? t.leftOut : fitted.join() === lines.join() ? '' : common.tooLong);
  };
  return (
    <>
      <div class="word-fields" role="group" aria-labelledby={`q-${poll.id}`}>
        {shown.map((row, i) => (
          <input key={i} id={`w-${poll.id}-${i}`} class="input word-field" dir="auto" autoComplete="off" enterKeyHint={i + 1 < shown.length ? 'next' : 'send'}
            aria-label={fill(t.word, { place: i + 1 })} placeholder={fill(t.word, { place: i + 1 })} value={row} readOnly={locked} aria-disabled={locked}
            aria-describedby={`hint-${poll.id} note-${poll.id}`} aria-invalid={isBad(clean(row))}
            onInput={(event) => write(event, i)} onCompositionEnd={(event) => write(event, i)} onPaste={(event) => paste(event, i)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229) return;
              event.preventDefault();
              const next = document.getElementById(`w-${poll.id}-${i + 1}`);
              if (next && clean(row)) next.focus();
              else send();
            }} />
        ))}
        {note.value && <p id={`note-${poll.id}`} class="hint">{note}</p>}
      </div>
      {tally?.entries && <Head tally={tally} mine={given} />}
    </>
  );
}

/** How to answer. */
export const hint = ({ settings }: AnswerProps['poll']): string => count(t.hint, limitsOf(settings).words);
