import { useEffect } from 'preact/hooks';
import type { Fate } from '../live/ballots';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';
import { Icon, type IconName } from '../ui/Icon';

const t = texts('phone');

/**
 * The state of the vote as text. Keeps its space when empty, so that the layout does not move. Takes the focus when the
 * button that sent or withdrew the vote goes.
 */
export function FateLine({ fate, counted }: { fate: Fate | undefined; counted: boolean }) {
  const [icon, mood, text] = tell(fate, counted);
  useEffect(() => {
    // 'Sending' is too short to announce; later states are announced.
    if (fate && fate.kind !== 'sending') announce(text);
  }, [fate]);
  return <p class={`fate ${mood}`} tabIndex={-1}>{text && <><Icon name={icon} mirrored={icon === 'arrow'} /> <span key={text}>{text}</span></>}</p>;
}

function tell(fate: Fate | undefined, counted: boolean): [IconName, string, string] {
  switch (fate?.kind) {
    case 'sending': return ['arrow', 'busy', t.sending];
    case 'waiting': return ['offline', 'warn', t.waitingToSend];
    case 'retrying': return ['reset', 'warn', t.retrying];
    case 'withdrawn': return ['check', 'good', t.withdrawn];
    case 'refused': return ['warning', 'bad', refusal(fate.code)];
    default: return counted ? ['check', 'good', t.counted] : ['check', '', ''];
  }
}

/** Reason why the vote was not counted. */
export function refusal(code: string): string {
  switch (code) {
    case 'poll.notOpen': case 'poll.notFound': case 'room.ended': return t.tooLate;
    case 'poll.edited': return t.edited;
    case 'tooLateChange': return t.tooLateChange;
    case 'overtaken': return t.overtaken;
    case 'overtakenWithdrawn': return t.overtakenWithdrawn;
    case 'unsent': return t.unsent;
    case 'unsentChange': return t.unsentChange;
    case 'restored': return t.restored;
    case 'restoredEarlier': return t.restoredEarlier;
    case 'restoredWithdrawn': return t.restoredWithdrawn;
    case 'discarded': case 'vote.discarded': return t.voteDiscarded;
    case 'vote.changeNotAllowed': return t.noChange;
    default: return t.refused;
  }
}
