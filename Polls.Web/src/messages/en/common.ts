import type { Plural } from '../text';

/** What all three pages say. */
export const common = {
  product: 'Polls',
  loading: 'One moment…',
  voters: { one: '{count} vote', other: '{count} votes' } as Plural,
  participants: { one: '{count} person here', other: '{count} people here' } as Plural,
  share: { one: '{count} vote, {percent}', other: '{count} votes, {percent}' } as Plural,
  optionResult: { one: '{option}: {count} vote, {percent}', other: '{option}: {count} votes, {percent}' } as Plural,
  ended: 'This session has ended',
  thanks: 'Thank you for taking part.',
  results: 'Results',
  timeLeft: 'Time left: {time}',
  connecting: 'Connecting…',
  connectionLost: 'Connection lost. Reconnecting…',
  connectionBack: 'Connected again.',
  joinCode: 'Code',
  noScript: 'Polls needs JavaScript. Please switch it on and reload the page.',
  offline: 'There is no connection right now.',
  retry: 'Try again',
  somethingWrong: 'Something went wrong. Please try again.',
  perDevice: 'One vote per device',
  perAnyone: 'Anyone may vote again',
  perSeatCode: 'One vote per seat code',
  perAccount: 'One vote per account',
};
