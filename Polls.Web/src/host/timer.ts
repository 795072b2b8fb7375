import { limits } from '../contract/types';
import { count } from '../messages/text';
import { texts } from '../messages/texts';

const t = texts('host');

/** The choice: no timer, a preset, or custom seconds. */
export interface Timer {
  choice: 'none' | 'custom' | number;
  typed: string;
  /** The poll was to be opened, but the custom seconds are missing. */
  asked?: true;
}

export const presets = [30, 60, 120, 300] as const;
export const noTimer: Timer = { choice: 'none', typed: '' };

export function timerOf(seconds: number | undefined): Timer {
  if (!seconds) return noTimer;
  return presets.some((preset) => preset === seconds) ? { choice: seconds, typed: '' } : { choice: 'custom', typed: `${seconds}` };
}

/** Undefined for no timer, NaN for an invalid one. */
export function secondsOf({ choice, typed }: Timer): number | undefined {
  if (choice === 'none') return undefined;
  if (choice !== 'custom') return choice;
  const seconds = Number(typed.trim() || NaN);
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= limits.seconds ? seconds : NaN;
}

/** '30 s', '2 min'. */
export const duration = (seconds: number): string => (seconds % 60 === 0 ? count(t.minutes, seconds / 60) : count(t.seconds, seconds));
