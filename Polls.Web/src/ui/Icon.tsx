const paths = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-3.5 3-5.5 6.500-5.500s6 2 6.500 5.500M16 4.500a3.500 3.500 0 0 1 0 6.500M17.500 14.800c2.300.700 3.600 2.500 4 5.200',
  warning: 'M12 4 2.500 20h19L12 4zM12 10v4.500M12 17.200v.300',
  offline: 'M3 3l18 18M8.500 15.500a5 5 0 0 1 7 0M5 12a10 10 0 0 1 4-2.400M19 12a10 10 0 0 0-5-2.700M12 19v.200',
  arrow: 'M5 12h13M13 6.500 18.500 12 13 17.500',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  plus: 'M12 5v14M5 12h14',
  edit: 'M4 20l1-4L16 5l3 3L8 19l-4 1z',
  trash: 'M5 7h14M10 7V4.500h4V7M7 7l1 13h8l1-13M10.500 11v5.500M13.500 11v5.500',
  eye: 'M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  hidden: 'M3 3l18 18M6 7.200C3.700 9 2.500 12 2.500 12S6 18.500 12 18.500c1.700 0 3.200-.500 4.500-1.200M10 5.700a9 9 0 0 1 2-.200c6 0 9.500 6.500 9.500 6.500a17 17 0 0 1-2.700 3.500',
  play: 'M8 5l11 7-11 7V5z',
  stop: 'M6 6h12v12H6z',
  reset: 'M5 5v5h5M5.500 10A7.500 7.500 0 1 1 4.700 14',
  screen: 'M3 5h18v11H3zM9 20h6M12 16v4',
  download: 'M12 4v11M7 10.500l5 5 5-5M5 20h14',
  link: 'M10 14a4 4 0 0 0 6 .500l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.500l-3 3a4 4 0 0 0 6 6l1-1',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M18.700 5.300l-1.400 1.400M6.700 17.300l-1.400 1.400',
  moon: 'M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z',
  expand: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  close: 'M6 6l12 12M18 6L6 18',
  ticket: 'M3 7h18v3.500a1.700 1.700 0 0 0 0 3.400V17H3v-3.100a1.700 1.700 0 0 0 0-3.400V7zM14.500 7v10',
  shield: 'M12 3.500 5 6v5.500c0 4.300 2.900 7.300 7 9 4.100-1.700 7-4.700 7-9V6l-7-2.500zM9 12l2.200 2.200L15.200 10',
  keyboard: 'M3 6h18v12H3zM7 10h.010M11 10h.010M15 10h.010M17.500 10h.010M8 14h8',
} as const;

export type IconName = keyof typeof paths;

/** An icon in the text colour. Decorative, so it needs text next to it. */
export const Icon = ({ name, mirrored = false }: { name: IconName; mirrored?: boolean }) => (
  <svg class={mirrored ? 'icon mirrored' : 'icon'} viewBox="0 0 24 24" width="1.25em" height="1.25em" fill="none" stroke="currentColor"
    stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);

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
