import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { kinds } from '../kinds/screen';
import type { Room } from '../live/room';
import { count, fill, sentences } from '../messages/text';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';
import { AssuranceLine } from '../ui/AssuranceLine';
import { Countdown } from '../ui/Countdown';
import { Discarded } from '../ui/Discarded';
import { Icon } from '../ui/Icon';
import { LinkBanner } from '../ui/LinkBanner';
import { useSummary } from '../ui/summary';
import { Tables } from '../ui/Tables';
import { Unready } from '../ui/Unready';
import { Controls } from './Controls';
import { useFit } from './fit';
import { Invitation } from './Invitation';
import { NoToken } from './NoToken';

const t = texts('screen');
const common = texts('common');

/** The big screen: how to join, the question, and the live result. */
export function Screen({ room, code }: { room: Room; code: string }) {
  const state = room.state.value;
  const poll = room.current.value;
  useEffect(stayAwake, []);
  useEffect(() => {
    document.title = `${state?.title ?? t.title} · ${common.product}`;
  }, [state?.title]);
  useEffect(() => {
    if (poll) announce(sentences(poll.question, poll.state === 'open' ? t.votingOpen : t.votingClosed));
  }, [poll?.id, poll?.state]);
  const kind = poll ? kinds.get(poll.kind) : 'unknown';
  const asTable = useSignal(false);
  const visible = poll?.resultsVisible ? room.tallies.value.get(poll.id) : undefined;
  useSummary(poll, visible, typeof kind === 'object' ? kind.plain : undefined);
  const stage = useRef<HTMLElement>(null);
  // Longer numbers leave less space for the texts next to them.
  const digits = `${Math.max(0, ...(poll && room.tallies.value.get(poll.id)?.counts || []))}`.length;
  useFit(stage, [poll?.id, poll?.question, poll?.options.length, poll?.resultsVisible, poll?.state, kind, digits, asTable.value]);
  if (room.link.value === 'refused') return <NoToken />;
  if (!state) return <main class="boot"><h1 class="unseen">Polls</h1><p role="status">{common.connecting}</p></main>;

  const tally = poll && room.tallies.value.get(poll.id);
  return (
    <div class={poll && !room.ended.value ? 'screen' : 'screen resting'}>
      <header class="screen-head">
        <h1 class="screen-title" dir="auto">{state.title}</h1>
        <p class="screen-facts">
          <AssuranceLine room={room} />
          <span class="numbers"><Icon name="people" /> {count(common.participants, room.participants.value)}</span>
          <Controls asTable={visible && typeof kind === 'object' && !room.ended.value ? asTable : undefined} />
        </p>
        <LinkBanner room={room} />
      </header>
      <main class="screen-main">
        {room.ended.value ? (
          <section class="rest"><h2>{common.ended}</h2><p class="muted">{common.thanks}</p></section>
        ) : poll ? (
          <section class="stage" aria-labelledby="question" ref={stage}>
            <p class="stage-facts">
              <span class={`state ${poll.state}`}><i aria-hidden="true" />{poll.state === 'open' ? t.votingOpen : t.votingClosed}</span>
              <span class="numbers voters">{count(common.voters, tally?.voters ?? 0)}</span>
              <Discarded tally={tally} />
              <Countdown room={room} poll={poll} />
            </p>
            <h2 id="question" class={`question ${lengthOf(poll.question)}`} dir="auto">{poll.question}</h2>
            {typeof kind !== 'object' ? <Unready kind={kind} />
              : asTable.value && visible ? <Tables tables={kind.plain.tables(poll, visible)} />
              : <kind.Chart key={`${poll.id} ${poll.edition}`} poll={poll} tally={visible} />}
            <p class="under muted" role={poll.resultsVisible ? undefined : 'status'}>{!poll.resultsVisible ? (poll.state === 'open' ? t.hidden : t.hiddenClosed) : typeof kind === 'object' ? kind.under?.(poll, tally) ?? '' : ''}</p>
          </section>
        ) : (
          <section class="rest"><h2 class="unseen">{t.waiting}</h2></section>
        )}
        {!room.ended.value && <Invitation code={code} seats={state.assurance === 'seatCode'} locked={state.joiningLocked} />}
      </main>
      {!poll && !room.ended.value && <p class="under muted rest-hint" aria-hidden="true">{fill(t.waiting)}</p>}
    </div>
  );
}

/** Longer questions begin with smaller letters, so that they do not take the place of the result. */
const lengthOf = ({ length }: string): string => (length > 260 ? 'longest' : length > 140 ? 'long' : length > 70 ? 'medium' : '');

/** Keeps the screen on, if the browser supports it. */
function stayAwake(): () => void {
  const ask = (): void => {
    if (document.visibilityState === 'visible') navigator.wakeLock?.request('screen').catch(() => undefined);
  };
  ask();
  document.addEventListener('visibilitychange', ask);
  return () => document.removeEventListener('visibilitychange', ask);
}
