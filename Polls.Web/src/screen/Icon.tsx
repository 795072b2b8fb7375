import { Drawing, lock, paths as shared } from '../ui/Icon';

const paths = {
  ...shared,
  lock,
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M18.700 5.300l-1.400 1.400M6.700 17.300l-1.400 1.400',
  moon: 'M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z',
  table: 'M4 5h16v14H4zM4 10h16M4 14.500h16M10 5v14',
  expand: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
} as const;

export type IconName = keyof typeof paths;

/** The big screen's icons. */
export const Icon = ({ name, mirrored = false }: { name: IconName; mirrored?: boolean }) => <Drawing path={paths[name]} mirrored={mirrored} />;
