import type { common as english } from '../en/common';
import type { Like } from '../text';

export const common: Like<typeof english> = {
  product: 'Polls',
  loading: 'Um momento…',
  voters: { one: '{count} voto', many: '{count} de votos', other: '{count} votos' },
  participants: { one: '{count} pessoa aqui', many: '{count} de pessoas aqui', other: '{count} pessoas aqui' },
  share: { one: '{count} voto, {percent}', many: '{count} de votos, {percent}', other: '{count} votos, {percent}' },
  ended: 'Esta sessão terminou',
  thanks: 'Agradecemos sua participação.',
  results: 'Resultados',
  adjusted: 'As porcentagens são arredondadas para somar 100 %.',
  timeLeft: 'Tempo restante: {time}',
  connecting: 'Conectando…',
  connectionLost: 'Sem conexão. Reconectando…',
  connectionBack: 'Conexão restabelecida.',
  joinCode: 'Código',
  noScript: 'Polls precisa de JavaScript. Ative-o e recarregue a página.',
  offline: 'Não há conexão no momento.',
  retry: 'Tentar de novo',
  somethingWrong: 'Algo deu errado. Tente de novo.',
  tooLong: 'Era longo demais: falta uma parte.',
  perDevice: 'Um voto por dispositivo',
  perAnyone: 'É possível votar de novo',
  perSeatCode: 'Um voto por código entregue',
  perAccount: 'Um voto por conta',
};
