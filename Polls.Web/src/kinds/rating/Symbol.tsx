import { number } from '../../messages/text';
import type { Scale } from './scale';

/** What stands for a value: a star, a face from sad to happy, or the number itself. */
export function Symbol({ scale, value, filled = false }: { scale: Scale; value: number; filled?: boolean }) {
  if (scale.look === 'stars') return (
    <svg class={`symbol star${filled ? ' filled' : ''}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M12 2.8l2.8 5.9 6.400.8-4.700 4.500 1.200 6.400L12 17.300l-5.700 3.100 1.200-6.400-4.700-4.500 6.400-.8z" />
    </svg>
  );
  if (scale.look !== 'smileys') return <span class="symbol numbers" aria-hidden="true">{number(value)}</span>;
  const mood = scale.max === scale.min ? 1 : (2 * (value - scale.min)) / (scale.max - scale.min) - 1;
  return (
    <svg class="symbol face" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="9.5" />
      <path d={`M7.500 ${15.5 - mood} Q12 ${15.5 + 3.5 * mood} 16.500 ${15.5 - mood}M8.800 9.200v.6M15.200 9.200v.6`} />
    </svg>
  );
}
