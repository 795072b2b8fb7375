/** What the host's desk says. */
export const host = { title: 'Host' };
