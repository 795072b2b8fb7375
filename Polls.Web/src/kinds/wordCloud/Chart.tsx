import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { count } from '../../messages/text';
import { wordCloud as t } from '#messages/wordCloud';
import type { ChartProps } from '../parts';
import { place, type Placed } from './cloud';

const context = document.createElement('canvas').getContext('2d');

/** The cloud: the more people said a word, the larger it is. Words stay where they are as long as they can. */
export function Chart({ tally }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const placed = useSignal<Placed[]>([]);
  const resized = useSignal(0);
  const items = tally?.entries?.items ?? [];
  useEffect(() => {
    const watch = new ResizeObserver(() => {
      placed.value = [];
      resized.value++;
    });
    watch.observe(frame.current!);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    const { clientWidth: width, clientHeight: height } = frame.current!;
    const family = getComputedStyle(frame.current!).fontFamily;
    const measure = (text: string, size: number): number => {
      if (!context) return text.length * size * 0.6;
      // Measured once at one size: widths are proportional.
      context.font = `700 100px ${family}`;
      return (context.measureText(text).width * size) / 100;
    };
    placed.value = place(items, { width, height, measure }, placed.peek());
  }, [tally?.version, resized.value]);
  const leftOut = items.filter(({ n }) => !placed.value.some((word) => word.n === n)).reduce((sum, item) => sum + item.count, tally?.entries?.others ?? 0);
  return (
    <div class="cloud-chart">
      <div ref={frame} class="cloud" aria-hidden="true">
        {/* In a stable order, so that elements are not moved while they ease. */}
        {[...placed.value].sort((a, b) => a.n - b.n).map(({ n, text, size, x, y }) => (
          <bdi key={n} class={`cloud-word hue-${n % 8}`} style={{ '--x': `${x}px`, '--y': `${y}px`, '--size': `${size / 100}` }}>{text}</bdi>
        ))}
      </div>
      <ol class="unseen">{items.map(({ n, text, count: people }) => <li key={n}><bdi>{text}</bdi>: {count(t.people, people)}</li>)}</ol>
      {tally && <p class="cloud-rest muted numbers">{items.length === 0 ? t.noWords : leftOut > 0 ? count(t.others, leftOut) : ''}</p>}
    </div>
  );
}
