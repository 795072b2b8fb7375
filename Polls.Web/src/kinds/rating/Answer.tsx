import type { AnswerProps } from '../parts';
import { Result } from './Result';
import { scaleOf } from './scale';
import { Values } from './Values';

/** One tap on a value; below it the result, if the person may see it. */
export const Answer = ({ poll, tally, answer, locked, choose }: AnswerProps) => (
  <>
    <Values scale={scaleOf(poll.settings)} value={answer.value} labelledBy={`q-${poll.id}`} locked={locked} choose={(value) => choose({ value })} />
    {tally && <Result poll={poll} tally={tally} mine={answer} />}
  </>
);
