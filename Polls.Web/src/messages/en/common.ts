import type { Plural } from '../text';

/** Texts of all three pages. */
export const common = {
  product: 'Polls',
  loading: 'Loading…',
  voters: { one: '{count} vote', other: '{count} votes' } as Plural,
  participants: { one: '{count} person here', other: '{count} people here' } as Plural,
  share: { one: '{count} vote, {percent}', other: '{count} votes, {percent}' } as Plural,
  ended: 'This session has ended',
  thanks: 'Thank you for taking part.',
  results: 'Results',
  adjusted: 'Percentages are rounded so that they add up to 100 %.',
  timeLeft: 'Time left: {time}',
  connecting: 'Connecting…',
  connectionLost: 'Connection lost. Reconnecting…',
  connectionBack: 'Reconnected.',
  joinCode: 'Code',
  noScript: 'Polls needs JavaScript. Turn it on and reload the page.',
  offline: 'No connection right now.',
  retry: 'Try again',
  somethingWrong: 'Something went wrong. Please try again.',
  tooLong: 'That was too long. Part of it was left out.',
  perDevice: 'One vote per device',
  perAnyone: 'Repeat voting allowed',
  perSeatCode: 'One vote per seat code',
  perAccount: 'One vote per account',
};
