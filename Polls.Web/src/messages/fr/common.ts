import type { common as english } from '../en/common';
import type { Like } from '../text';

export const common: Like<typeof english> = {
  product: 'Polls',
  loading: 'Un instant…',
  voters: { one: '{count} vote', many: '{count} de votes', other: '{count} votes' },
  participants: { one: '{count} personne présente', many: '{count} de personnes présentes', other: '{count} personnes présentes' },
  share: { one: '{count} vote, {percent}', many: '{count} de votes, {percent}', other: '{count} votes, {percent}' },
  ended: 'Cette session est terminée',
  thanks: 'Merci d’avoir participé.',
  results: 'Résultats',
  adjusted: 'Les pourcentages sont arrondis pour que leur somme fasse 100 %.',
  timeLeft: 'Temps restant\u202f: {time}',
  connecting: 'Connexion…',
  connectionLost: 'Hors ligne. Reconnexion…',
  connectionBack: 'Connexion rétablie.',
  joinCode: 'Code',
  noScript: 'Polls a besoin de JavaScript. Veuillez l’activer, puis recharger la page.',
  offline: 'Pas de connexion pour le moment.',
  retry: 'Réessayer',
  somethingWrong: 'Un problème est survenu. Veuillez réessayer.',
  tooLong: 'C’était trop long\u202f: la fin a été coupée.',
  perDevice: 'Un vote par appareil',
  perAnyone: 'Chacun peut voter à nouveau',
  perSeatCode: 'Un vote par code remis',
  perAccount: 'Un vote par compte',
};
