import { sentences } from '../../messages/text';
import type { ScreenKind } from '../parts';
import { Chart } from './Chart';
import { differs, explain, orderIn } from './figures';
import { plain } from './plain';

export default {
  Chart,
  under: (poll, tally) => {
    const order = orderIn(poll, tally);
    return sentences(order.differs ? differs(poll, order) : '', explain(order.most));
  },
  plain,
} satisfies ScreenKind;
