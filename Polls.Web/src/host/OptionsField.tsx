import { limits } from '../contract/types';
import type { HostKind } from '../kinds/parts';
import { count, fill, sentences } from '../messages/text';
import { texts } from '../messages/texts';
import { useLimit } from '../ui/limit';
import { letter } from '../ui/letter';
import { linesOf, newOption, optionFaults, pasteLines, type Fault, type Option } from './form';
import { Icon } from './Icon';
import { focusSoon } from './place';
import { explainFault, optionFaultTexts } from './refusals';

const t = texts('host');
const common = texts('common');

/** The options, one row each, for typing one after the other. If they are fixed, only their words can be changed. */
export function OptionsField({ kind: { least, most, legend, hint }, options, fixed, fault, change }: {
  kind: NonNullable<HostKind['options']>; options: Option[]; fixed: boolean; fault: Fault | undefined; change(options: Option[]): void;
}) {
  const faults = optionFaults(options);
  const limit = useLimit(limits.option);
  const full = fixed || options.length >= most;
  const write = (at: number, text: string): void => change(options.map((option, i) => (i === at ? { ...option, text } : option)));
  const add = (): void => {
    if (full) return;
    change([...options, newOption()]);
    focusSoon(`option-${options.length}`);
  };
  const remove = (at: number): void => {
    if (options.length <= least) return;
    change(options.filter((_, i) => i !== at));
    focusSoon(`option-${Math.min(at, options.length - 2)}`);
  };
  const swap = (at: number, by: 1 | -1): void => {
    const to = at + by;
    if (to < 0 || to >= options.length) return;
    const moved = [...options];
    [moved[at], moved[to]] = [moved[to]!, moved[at]!];
    change(moved);
  };
  const paste = (event: ClipboardEvent, at: number): void => {
    const { lines, isTable } = linesOf(event.clipboardData?.getData('text') ?? '');
    if (fixed || (lines.length < 2 && !isTable)) return;
    event.preventDefault();
    const { value, selectionStart, selectionEnd } = event.currentTarget as HTMLInputElement;
    const pasted = pasteLines(options, at, value.slice(0, selectionStart!) + value.slice(selectionEnd!), lines, most);
    change(pasted.options);
    limit.say(sentences(
      isTable ? t.firstColumn : '', pasted.leftOut > 0 ? count(t.linesLeftOut, pasted.leftOut, { max: most }) : '',
      lines.slice(0, lines.length - pasted.leftOut).some((line) => line.length > limits.option) ? common.tooLong : ''));
    focusSoon(`option-${pasted.last}`);
  };
  const press = (event: KeyboardEvent, at: number): void => {
    // Safari ends the composition before the Enter that confirms it.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      if (at + 1 < options.length) document.getElementById(`option-${at + 1}`)?.focus();
      else if (options[at]!.text.trim()) add();
    } else if (event.key === 'Backspace' && options[at]!.text === '' && at > 0 && !fixed && options.length > least) {
      event.preventDefault();
      change(options.filter((_, i) => i !== at));
      focusSoon(`option-${at - 1}`);
    }
  };
  return (
    <fieldset class="field" aria-describedby="options-hint">
      <legend>{legend}</legend>
      <p id="options-hint" class="hint">{fixed ? '' : hint}</p>
      <ol class="option-rows">
        {options.map((option, i) => {
          const known = faults[i];
          const error = known ? optionFaultTexts[known] : fault?.field === `option-${i}` ? explainFault(fault) : '';
          const name = { letter: letter(i) };
          return (
            <li key={option.id} class={`hue-${i % 8}`}>
              <label class="option-letter" for={`option-${i}`}><span aria-hidden="true">{letter(i)}</span><span class="unseen">{fill(t.option, name)}</span></label>
              <input id={`option-${i}`} class="input" value={option.text} dir="auto" autoComplete="off" enterKeyHint="next"
                aria-invalid={error !== ''} aria-describedby={`option-${i}-error`} onInput={(event) => write(i, limit.read(event, option.text))}
                onCompositionEnd={(event) => write(i, limit.read(event, option.text))} onKeyDown={(event) => press(event, i)} onPaste={(event) => paste(event, i)} />
              {!fixed && (
                <span class="option-do">
                  <button class="icon-button" type="button" aria-label={fill(t.optionUp, name)} aria-disabled={i === 0} onClick={() => swap(i, -1)}><Icon name="up" /></button>
                  <button class="icon-button" type="button" aria-label={fill(t.optionDown, name)} aria-disabled={i === options.length - 1} onClick={() => swap(i, 1)}><Icon name="down" /></button>
                  <button class="icon-button" type="button" aria-label={fill(t.removeOption, name)} aria-disabled={options.length <= least} onClick={() => remove(i)}><Icon name="trash" /></button>
                </span>
              )}
              <p id={`option-${i}-error`} class="error">{error}</p>
            </li>
          );
        })}
      </ol>
      {limit.note.value && options.some(({ text }) => text) && <p class="hint">{limit.note}</p>}
      {!fixed && <button class="button" type="button" aria-disabled={full} onClick={add}><Icon name="plus" /> {t.addOption}</button>}
    </fieldset>
  );
}
