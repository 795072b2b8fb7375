import { Drawing, paths } from '../../ui/Icon';
import { choices } from './rule';

/** Yes, no and abstain: a check, a cross and a dash. */
export const signs = [paths.check, 'M6 6l12 12M18 6L6 18', 'M6 12h12'];

/** The sign of a choice. */
export const Mark = ({ choice }: { choice: number }) => <span class="option-letter" aria-hidden="true"><Drawing path={signs[choice]!} /></span>;

/** The class that gives a choice its colour. */
export const classOf = (choice: number): string => `motion-${choices[choice]}`;
