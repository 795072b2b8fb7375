import { count, fill } from '../../messages/text';
import { rating } from '#messages/rating';
import { scales as t } from '#messages/scales';
import type { FieldsProps, HostKind } from '../parts';
import { scaleOf } from '../rating/scale';
import { lookTexts, ScaleFields, scaleSettings } from '../rating/ScaleFields';
import { Answer } from './Answer';
import { hint } from './hint';
import { plain } from './plain';
import { Result } from './Result';

const Fields = (props: FieldsProps) => (
  <>
    <ScaleFields {...props} />
    {!props.onlyWords && (
      <label class="check">
        <input type="checkbox" checked={props.settings.maySkip !== false} onChange={(event) => props.change({ maySkip: event.currentTarget.checked })} /> {t.maySkip}
      </label>
    )}
  </>
);

export const scales: HostKind = {
  name: t.name,
  options: { least: 1, most: 10, legend: t.statements, hint: t.statementsHint },
  defaults: { look: 'numbers', min: 1, max: 5, maySkip: true },
  Fields,
  hasLabels: true,
  settingsOf: (settings) => ({ ...scaleSettings(settings), maySkip: settings.maySkip !== false }),
  facts: (settings, options) => [
    count(t.facts, options), lookTexts[scaleOf({ look: 'numbers', ...settings }).look],
    fill(rating.hint, { min: scaleOf({ look: 'numbers', ...settings }).min, max: scaleOf({ look: 'numbers', ...settings }).max }),
  ],
  Answer,
  hint,
  Result,
  plain,
};
