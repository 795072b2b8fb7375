import { Drawing, lock, paths as shared } from '../ui/Icon';

const paths = {
  ...shared,
  lock,
  edit: 'M4 20l1-4L16 5l3 3L8 19l-4 1z',
  eye: 'M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  hidden: 'M3 3l18 18M6 7.200C3.700 9 2.500 12 2.500 12S6 18.500 12 18.500c1.700 0 3.200-.500 4.500-1.200M10 5.700a9 9 0 0 1 2-.200c6 0 9.500 6.500 9.500 6.500a17 17 0 0 1-2.700 3.500',
  play: 'M8 5l11 7-11 7V5z',
  stop: 'M6 6h12v12H6z',
  screen: 'M3 5h18v11H3zM9 20h6M12 16v4',
  download: 'M12 4v11M7 10.500l5 5 5-5M5 20h14',
  link: 'M10 14a4 4 0 0 0 6 .500l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.500l-3 3a4 4 0 0 0 6 6l1-1',
  keyboard: 'M3 6h18v12H3zM7 10h.010M11 10h.010M15 10h.010M17.500 10h.010M8 14h8',
  trash: 'M5 7h14M10 7V4.500h4V7M7 7l1 13h8l1-13M10.500 11v5.500M13.500 11v5.500',
  close: 'M6 6l12 12M18 6L6 18',
} as const;

export type IconName = keyof typeof paths;

/** The desk's icons. */
export const Icon = ({ name, mirrored = false }: { name: IconName; mirrored?: boolean }) => <Drawing path={paths[name]} mirrored={mirrored} />;
