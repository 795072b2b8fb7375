/** What the big screen says. */
export const screen = {
  title: 'Big screen',
  joinAt: 'Join at',
  qrAlt: 'QR code that opens {url}',
  waiting: 'The next question comes in a moment',
  hidden: 'Votes are coming in. The host will show the results later.',
  hiddenClosed: 'Voting is over. The host will show the results in a moment.',
  votingOpen: 'Voting is open',
  votingClosed: 'Voting is closed',
  noToken: 'This screen has to be opened from the host’s desk.',
  noTokenHint: 'Choose “Big screen” there; the link from there gives access.',
  toDesk: 'To the host’s desk',
  light: 'Light colours',
  dark: 'Dark colours',
  fullScreen: 'Full screen',
  seatNeeded: 'Have your seat code ready',
};
