import type { Statement } from './statements';

/** A statement's distribution as one bar, from the lowest value to the highest, with a marker at its mean. Decorative. */
export const Strip = ({ statement: { counts, n, at } }: { statement: Statement }) => (
  <div class="strip" aria-hidden="true">
    {counts.map((count, i) => <i key={i} style={{ '--share': `${n > 0 ? count / n : 0}`, '--step': `${i / (counts.length - 1)}` }} />)}
    {n > 0 && <b style={{ '--at': `${at}` }} />}
  </div>
);
