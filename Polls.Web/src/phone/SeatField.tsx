import { seatOf, seatShown } from '../live/seat';
import { texts } from '../messages/texts';

const t = texts('phone');

/** The seat code field. Formats the code as on the slip. */
export function SeatField({ seat, error, change }: { seat: string; error: string; change(seat: string): void }) {
  const read = (input: HTMLInputElement): void => {
    const caret = seatOf(input.value.slice(0, input.selectionStart ?? input.value.length)).length;
    const shown = seatShown(seatOf(input.value));
    if (shown !== input.value) {
      input.value = shown;
      // Keeps the caret in place, also after edits in the middle; moves past the dash after the first group.
      const place = caret > 4 || (caret === 4 && shown.length > 4) ? caret + 1 : caret;
      input.setSelectionRange(place, place);
    }

    change(shown);
  };
  return (
    <div class="field">
      <label for="seat">{t.seat}</label>
      <input id="seat" class="input seat-input numbers" value={seat} dir="ltr" autoComplete="off" autoCapitalize="characters" autoCorrect="off"
        spellcheck={false} enterKeyHint="go" placeholder="XXXX-XXXX" aria-invalid={error !== ''} aria-describedby="seat-hint seat-error"
        autofocus={!seat} onInput={(event) => {
          // Rewriting the text ends the composition of an input method, such as for full-width digits.
          if (event.isComposing) change(event.currentTarget.value);
          else read(event.currentTarget);
        }} onCompositionEnd={(event) => read(event.currentTarget)} />
      <p id="seat-hint" class="hint">{error ? '' : t.seatHint}</p>
      <p id="seat-error" class="error" role="alert">{error}</p>
    </div>
  );
}
