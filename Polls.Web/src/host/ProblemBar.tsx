import { texts } from '../messages/texts';
import type { Desk } from './desk';
import { Icon } from './Icon';

const t = texts('host');
const common = texts('common');

/** The last failure, with a button to retry. */
export function ProblemBar({ desk }: { desk: Desk }) {
  const problem = desk.jobs.problem.value;
  if (!problem) return null;
  return (
    <div class="problem">
      <Icon name="warning" />
      <p>{problem.text}</p>
      {problem.again && <button class="button small" type="button" onClick={problem.again}>{common.retry}</button>}
      <button class="icon-button" type="button" aria-label={t.close} onClick={() => {
        desk.jobs.problem.value = undefined;
      }}><Icon name="close" /></button>
    </div>
  );
}
