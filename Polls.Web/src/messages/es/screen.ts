import type { screen as english } from '../en/screen';
import type { Like } from '../text';

export const screen: Like<typeof english> = {
  title: 'Pantalla grande',
  joinAt: 'Participa en',
  qrAlt: 'Código QR que abre {url}',
  waiting: 'La próxima pregunta llega en un momento',
  hidden: 'Los votos están llegando. El anfitrión mostrará los resultados más tarde.',
  hiddenClosed: 'La votación ha terminado. El anfitrión mostrará los resultados en un momento.',
  votingOpen: 'Votación abierta',
  votingClosed: 'Votación cerrada',
  noToken: 'Esta pantalla se abre desde el panel del anfitrión.',
  noTokenHint: 'Elige allí «Pantalla grande»; ese enlace da acceso.',
  toDesk: 'Ir al panel del anfitrión',
  light: 'Colores claros',
  dark: 'Colores oscuros',
  fullScreen: 'Pantalla completa',
  seatNeeded: 'Ten a mano tu código de voto',
  joiningLocked: 'La entrada está cerrada',
};
