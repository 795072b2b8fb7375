import type { ResultProps } from '../parts';
import { Picture } from './Picture';
import { rangeOf } from './range';

export const Result = ({ poll, tally, mine }: ResultProps) => <Picture range={rangeOf(poll.settings)} numbers={tally?.numbers ?? { n: 0 }} mine={mine?.number} />;
