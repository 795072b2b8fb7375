import type { PollView } from '../contract/types';
import { letter } from '../ui/letter';

/** The options of a draft. */
export const DraftOptions = ({ poll }: { poll: PollView }) => (
  <ol class="draft-options">
    {poll.options.map((option, i) => (
      <li key={i} class={`hue-${i % 8}`}><span class="option-letter" aria-hidden="true">{letter(i)}</span> <span dir="auto">{option}</span></li>
    ))}
  </ol>
);
