import type { host as english } from '../en/host';
import type { Like } from '../text';

export const host: Like<typeof english> = { title: 'لوحة المضيف' };
