import { useEffect } from 'preact/hooks';
import type { PollView } from '../contract/types';
import type { Ballots } from '../live/ballots';
import { sentences } from '../messages/text';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';
import { Icon } from '../ui/Icon';
import { refusal } from './FateLine';

const t = texts('phone');

/** Votes that were not counted, of questions that are no longer on the page. Each stays until it has been read. */
export function Losses({ ballots, onPage }: { ballots: Ballots; onPage: readonly PollView[] }) {
  const losses = ballots.losses.value.filter((loss) => !onPage.some(({ id, edition }) => id === loss.pollId && edition === (loss.edition ?? edition)));
  const newest = losses.at(-1);
  useEffect(() => {
    if (newest) announce(sentences(newest.question, refusal(newest.code)));
  }, [newest]);
  return (
    <>
      {losses.map((loss) => (
        <div class="loss" key={loss.pollId}>
          <Icon name="warning" />
          <p><strong dir="auto">{loss.question}</strong> <span>{refusal(loss.code)}</span></p>
          <button class="button quiet" type="button" onClick={() => ballots.dismiss(loss)}>{t.understood}</button>
        </div>
      ))}
    </>
  );
}
