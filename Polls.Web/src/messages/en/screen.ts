/** Texts of the big screen. */
export const screen = {
  title: 'Big screen',
  joinAt: 'Join at',
  qrAlt: 'QR code that opens {url}',
  waiting: 'The next question is coming up',
  hidden: 'Votes are coming in. The host will show the results later.',
  hiddenClosed: 'Voting is over. The host will show the results shortly.',
  votingOpen: 'Voting is open',
  votingClosed: 'Voting is closed',
  noToken: 'Open this screen from the host’s desk.',
  noTokenHint: 'Choose “Big screen” there. Its link gives this screen access.',
  toDesk: 'Go to the host’s desk',
  light: 'Light theme',
  dark: 'Dark theme',
  fullScreen: 'Full screen',
  seatNeeded: 'Have your seat code ready',
  joiningLocked: 'Joining is locked',
};
