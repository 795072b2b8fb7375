import { Icon } from '../../ui/Icon';
import { choices } from './rule';

/** The sign of a choice: a check, a cross, or a dash. */
export const Mark = ({ choice }: { choice: number }) => (
  <span class="option-letter" aria-hidden="true">{choice < 2 ? <Icon name={choice === 0 ? 'check' : 'close'} /> : '–'}</span>
);

/** The class that gives a choice its colour. */
export const classOf = (choice: number): string => `motion-${choices[choice]}`;
