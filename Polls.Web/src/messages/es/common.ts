import type { common as english } from '../en/common';
import type { Like } from '../text';

export const common: Like<typeof english> = {
  product: 'Polls',
  loading: 'Un momento…',
  voters: { one: '{count} voto', many: '{count} de votos', other: '{count} votos' },
  participants: { one: '{count} persona aquí', many: '{count} de personas aquí', other: '{count} personas aquí' },
  share: { one: '{count} voto, {percent}', many: '{count} de votos, {percent}', other: '{count} votos, {percent}' },
  ended: 'Esta sesión ha terminado',
  thanks: 'Gracias por participar.',
  results: 'Resultados',
  adjusted: 'Los porcentajes están redondeados para que sumen 100 %.',
  timeLeft: 'Tiempo restante: {time}',
  connecting: 'Conectando…',
  connectionLost: 'Sin conexión. Reconectando…',
  connectionBack: 'Conexión restablecida.',
  joinCode: 'Código',
  noScript: 'Polls necesita JavaScript. Actívalo y vuelve a cargar la página.',
  offline: 'No hay conexión en este momento.',
  retry: 'Reintentar',
  somethingWrong: 'Algo salió mal. Inténtalo de nuevo.',
  tooLong: 'Era demasiado largo: falta una parte.',
  perDevice: 'Un voto por dispositivo',
  perAnyone: 'Se puede volver a votar',
  perSeatCode: 'Un voto por código entregado',
  perAccount: 'Un voto por cuenta',
};
