import type { common as english } from '../en/common';
import type { Like } from '../text';

export const common: Like<typeof english> = {
  product: 'Polls',
  loading: 'Einen Moment\u00a0…',
  voters: { one: '{count} Stimme', other: '{count} Stimmen' },
  participants: { one: '{count} Person dabei', other: '{count} Personen dabei' },
  share: { one: '{count} Stimme, {percent}', other: '{count} Stimmen, {percent}' },
  ended: 'Diese Session ist beendet',
  thanks: 'Danke fürs Mitmachen.',
  results: 'Ergebnisse',
  adjusted: 'Die Prozente sind so gerundet, dass sie zusammen 100 % ergeben.',
  timeLeft: 'Restzeit: {time}',
  connecting: 'Wird verbunden\u00a0…',
  connectionLost: 'Offline. Wird neu verbunden\u00a0…',
  connectionBack: 'Wieder verbunden.',
  joinCode: 'Code',
  noScript: 'Polls braucht JavaScript. Bitte einschalten und die Seite neu laden.',
  offline: 'Gerade besteht keine Verbindung.',
  retry: 'Erneut versuchen',
  somethingWrong: 'Da ist etwas schiefgegangen. Bitte noch einmal versuchen.',
  tooLong: 'Das war zu lang. Ein Teil fehlt.',
  perDevice: 'Eine Stimme pro Gerät',
  perAnyone: 'Mehrfach abstimmen möglich',
  perSeatCode: 'Eine Stimme pro Stimmcode',
  perAccount: 'Eine Stimme pro Konto',
};
