import { choices } from './choices/phone';
import { LazyKinds } from './lazy';
import type { PhoneKind } from './parts';

/** All kinds that a phone can answer and show. */
export const kinds = new LazyKinds<PhoneKind>({ singleChoice: choices, multipleChoice: choices }, {
  rating: () => import('./rating/phone'),
  scales: () => import('./scales/phone'),
  ranking: () => import('./ranking/phone'),
  points: () => import('./points/phone'),
  wordCloud: () => import('./wordCloud/phone'),
  motion: () => import('./motion/phone'),
  numeric: () => import('./numeric/phone'),
});
