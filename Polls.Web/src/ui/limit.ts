import { useSignal, type Signal } from '@preact/signals';
import { fitted } from '../live/graphemes';
import { texts } from '../messages/texts';
import { announce } from './announce';

const common = texts('common');

/**
 * Keeps the text of a field within its limit, and says so when something was left out. The attribute 'maxlength' would
 * cut through emoji and say nothing.
 */
export function useLimit(limit: number): { note: Signal<string>; read(event: Event, before: string): string; say(note: string): void } {
  const note = useSignal('');
  const say = (text: string): void => {
    if (text && text !== note.peek()) announce(text);
    note.value = text;
  };
  /** The field's text after typing or pasting. */
  const read = (event: Event, before: string): string => {
    const field = event.currentTarget as HTMLInputElement | HTMLTextAreaElement;
    // An unfinished text belongs to the input method.
    if ((event as InputEvent).isComposing) return field.value;
    // Cells of a table are pasted with tabs, which no text may contain.
    const typed = field.value.replaceAll('\t', ' ');
    const { text, caret } = fitted(before, typed, field.selectionEnd ?? typed.length, limit);
    if (text !== field.value) {
      field.value = text;
      field.setSelectionRange(caret, caret);
    }

    say(text === typed ? '' : common.tooLong);
    return text;
  };
  return { note, read, say };
}
