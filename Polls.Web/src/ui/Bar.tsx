/** A bar of a share from 0 to 1, in the colour of its option. Decorative: the text next to it has the same information. */
export const Bar = ({ share, option }: { share: number; option: number }) => (
  <div class={`bar hue-${option % 8}`} aria-hidden="true">
    <i style={{ '--share': `${share}` }} />
  </div>
);
