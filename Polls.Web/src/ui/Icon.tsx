/** What all pages draw; pages have further icons of their own. */
export const paths = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-3.5 3-5.5 6.500-5.500s6 2 6.500 5.500M16 4.500a3.500 3.500 0 0 1 0 6.500M17.500 14.800c2.300.700 3.600 2.500 4 5.200',
  warning: 'M12 4 2.500 20h19L12 4zM12 10v4.500M12 17.200v.300',
  offline: 'M3 3l18 18M8.500 15.500a5 5 0 0 1 7 0M5 12a10 10 0 0 1 4-2.400M19 12a10 10 0 0 0-5-2.700M12 19v.200',
  arrow: 'M5 12h13M13 6.500 18.500 12 13 17.500',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  plus: 'M12 5v14M5 12h14',
  reset: 'M5 5v5h5M5.500 10A7.500 7.500 0 1 1 4.700 14',
  ticket: 'M3 7h18v3.500a1.700 1.700 0 0 0 0 3.400V17H3v-3.100a1.700 1.700 0 0 0 0-3.400V7zM14.500 7v10',
  shield: 'M12 3.500 5 6v5.500c0 4.300 2.900 7.300 7 9 4.100-1.700 7-4.700 7-9V6l-7-2.500zM9 12l2.200 2.200L15.200 10',
} as const;

/** Drawn by the desk and the big screen only. */
export const lock = 'M6 11h12v9H6zM8.500 11V7.500a3.500 3.500 0 0 1 7 0V11';

export type IconName = keyof typeof paths;

/** An icon in the text colour. Decorative, so it needs text next to it. */
export const Drawing = ({ path, mirrored = false }: { path: string; mirrored?: boolean }) => (
  <svg class={mirrored ? 'icon mirrored' : 'icon'} viewBox="0 0 24 24" width="1.25em" height="1.25em" fill="none" stroke="currentColor"
    stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
    <path d={path} />
  </svg>
);

export const Icon = ({ name, mirrored = false }: { name: IconName; mirrored?: boolean }) => <Drawing path={paths[name]} mirrored={mirrored} />;

/** The product's logo. */
export const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" width="1.5em" height="1.5em" aria-hidden="true">
    <rect width="32" height="32" rx="9" fill="var(--accent)" />
    <g fill="var(--on-accent)">
      <rect x="7" y="15" width="4.5" height="10" rx="2.25" />
      <rect x="13.75" y="7" width="4.5" height="18" rx="2.25" />
      <rect x="20.5" y="11.5" width="4.5" height="13.5" rx="2.25" />
    </g>
  </svg>
);
