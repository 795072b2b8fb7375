import { motion as t } from '#messages/motion';
import { Drawing, paths } from '../../ui/Icon';
import type { ResultProps } from '../parts';
import { signs } from './Mark';
import { conditions, verdict } from './rule';

/** What is needed; of a closed motion whose result is shown, what was decided, and why. */
export function Verdict({ poll, tally, isShown }: ResultProps & { isShown: boolean }) {
  if (poll.state !== 'closed' || !isShown) return <p class="conditions muted numbers">{conditions(poll).map((text) => <span key={text}>{text}</span>)}</p>;
  const { outcome, reason } = verdict(poll, tally);
  return (
    <p class={`verdict numbers ${outcome}`}>
      <Drawing path={outcome === 'adopted' ? signs[0]! : outcome === 'rejected' ? signs[1]! : paths.warning} /> <span><b>{t[outcome]}</b> {reason}</span>
    </p>
  );
}
