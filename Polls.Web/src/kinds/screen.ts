import { choices } from './choices/screen';
import { LazyKinds } from './lazy';
import type { ScreenKind } from './parts';

/** All kinds that the big screen can show. */
export const kinds = new LazyKinds<ScreenKind>({ singleChoice: choices, multipleChoice: choices }, {
  rating: () => import('./rating/screen'),
  scales: () => import('./scales/screen'),
  ranking: () => import('./ranking/screen'),
  points: () => import('./points/screen'),
  wordCloud: () => import('./wordCloud/screen'),
  motion: () => import('./motion/screen'),
  numeric: () => import('./numeric/screen'),
});
