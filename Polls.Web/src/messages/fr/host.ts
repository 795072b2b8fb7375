import { host as english } from '../en/host';
import type { Like } from '../text';

/** Not translated yet. */
export const host: Like<typeof english> = { ...english };
