import type { screen as english } from '../en/screen';
import type { Like } from '../text';

export const screen: Like<typeof english> = {
  title: 'Leinwand',
  joinAt: 'Mitmachen auf',
  qrAlt: 'QR-Code, der {url} öffnet',
  waiting: 'Gleich kommt die nächste Frage',
  hidden: 'Die Stimmen gehen ein. Die Moderation zeigt die Ergebnisse später.',
  hiddenClosed: 'Die Abstimmung ist beendet. Die Moderation zeigt gleich die Ergebnisse.',
  votingOpen: 'Abstimmung läuft',
  votingClosed: 'Abstimmung beendet',
  noToken: 'Die Leinwand lässt sich nur aus der Moderation öffnen.',
  noTokenHint: 'Dort „Leinwand“ wählen; der Link von dort gewährt Zugang.',
  toDesk: 'Zur Moderation',
  light: 'Helle Farben',
  dark: 'Dunkle Farben',
  fullScreen: 'Vollbild',
  seatNeeded: 'Bitte den Stimmcode bereithalten',
  joiningLocked: 'Der Beitritt ist gesperrt',
};
