import type { Assurance } from '../contract/types';
import { texts } from '../messages/texts';
import { assuranceNames } from '../ui/AssuranceLine';

const t = texts('host');
const levels: [Assurance, string][] = [['device', t.deviceMeans], ['open', t.openMeans], ['seatCode', t.seatCodeMeans], ['account', t.accountMeans]];

/** Choice of the assurance level. Set when a room is created, because the meaning of votes must not change later. */
export const AssuranceField = ({ level, change }: { level: Assurance; change(level: Assurance): void }) => (
  <fieldset class="levels">
    <legend>{t.fairness}</legend>
    {levels.map(([value, means]) => (
      <label key={value} class="level">
        <input type="radio" name="assurance" value={value} checked={level === value} aria-describedby={`means-${value}`} aria-labelledby={`level-${value}`} onChange={() => change(value)} />
        <span class="level-words">
          <strong id={`level-${value}`}>{assuranceNames[value]}</strong>
          <span id={`means-${value}`} class="hint">{means}</span>
        </span>
      </label>
    ))}
  </fieldset>
);
