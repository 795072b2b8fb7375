import type { screen as english } from '../en/screen';
import type { Like } from '../text';

export const screen: Like<typeof english> = {
  title: 'Telão',
  joinAt: 'Participe em',
  qrAlt: 'Código QR que abre {url}',
  waiting: 'A próxima pergunta vem em instantes',
  hidden: 'Os votos estão chegando. O anfitrião mostrará os resultados mais tarde.',
  hiddenClosed: 'A votação terminou. O anfitrião mostrará os resultados em instantes.',
  votingOpen: 'Votação aberta',
  votingClosed: 'Votação encerrada',
  noToken: 'O telão precisa ser aberto no painel do anfitrião.',
  noTokenHint: 'Escolha “Telão” no painel; o link de lá dá acesso.',
  toDesk: 'Ir para o painel do anfitrião',
  light: 'Cores claras',
  dark: 'Cores escuras',
  fullScreen: 'Tela cheia',
  seatNeeded: 'Tenha em mãos seu código de voto',
  joiningLocked: 'A entrada está fechada',
};
