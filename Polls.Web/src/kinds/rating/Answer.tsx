import type { AnswerProps } from '../parts';
import { scaleOf } from './scale';
import { Values } from './Values';

export const Answer = ({ poll, answer, locked, choose }: AnswerProps) => (
  <Values scale={scaleOf(poll.settings)} value={answer.value} labelledBy={`q-${poll.id}`} locked={locked} choose={(value) => choose({ value })} />
);
