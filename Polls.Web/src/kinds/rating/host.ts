import { fill } from '../../messages/text';
import { rating as t } from '#messages/rating';
import type { HostKind } from '../parts';
import { Answer } from './Answer';
import { hint } from './hint';
import { plain } from './plain';
import { Result } from './Result';
import { scaleOf } from './scale';
import { lookTexts, ScaleFields, scaleSettings } from './ScaleFields';

export const rating: HostKind = {
  name: t.name,
  defaults: { look: 'stars', min: 1, max: 5 },
  Fields: ScaleFields,
  hasLabels: true,
  settingsOf: scaleSettings,
  facts: (settings) => [lookTexts[scaleOf(settings).look], fill(t.hint, { min: scaleOf(settings).min, max: scaleOf(settings).max })],
  Answer,
  hint,
  Result,
  plain,
};
