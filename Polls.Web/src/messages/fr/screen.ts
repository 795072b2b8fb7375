import type { screen as english } from '../en/screen';
import type { Like } from '../text';

export const screen: Like<typeof english> = {
  title: 'Grand écran',
  joinAt: 'Participez sur',
  qrAlt: 'Code QR qui ouvre {url}',
  waiting: 'La prochaine question arrive dans un instant',
  hidden: 'Les votes arrivent. L’hôte affichera les résultats plus tard.',
  hiddenClosed: 'Le vote est terminé. L’hôte affichera les résultats dans un instant.',
  votingOpen: 'Vote en cours',
  votingClosed: 'Vote terminé',
  noToken: 'Cet écran s’ouvre depuis l’espace de l’hôte.',
  noTokenHint: 'Choisissez-y «\u202fGrand écran\u202f»\u202f; ce lien donne l’accès.',
  toDesk: 'Vers l’espace de l’hôte',
  light: 'Couleurs claires',
  dark: 'Couleurs sombres',
  fullScreen: 'Plein écran',
  seatNeeded: 'Préparez votre code de vote',
  joiningLocked: 'Les entrées sont fermées',
};
