import { ask } from './http';
import type { CreatedRoom, RoomStatus } from './types';

export interface Tokens {
  accessToken: string;
  refreshToken: string;
  expiresIn: number;
}

export interface AccountSettings {
  mayCreateRooms: 'anyone' | 'accounts';
  mayRegister: 'anyone' | 'invited' | 'nobody';
}

export interface TwoFactorState {
  isTwoFactorEnabled: boolean;
  sharedKey?: string;
  authenticatorUri?: string;
  recoveryCodesLeft: number;
  recoveryCodes?: string[];
  /** Present if earlier tokens are no longer valid. */
  tokens?: Tokens;
}

export interface AccountRoom {
  roomId: string;
  code: string;
  title: string;
  state: RoomStatus;
  role: 'owner' | 'coHost';
  createdAt: string;
}

export interface RoomPage {
  rooms: AccountRoom[];
  next?: string;
}

export interface RoomHosts {
  coHosts: { accountId: string; email: string }[];
  invitations: { id: string; expiresAt: string }[];
}

export interface InvitationLink {
  id: string;
  link: string;
}

/** A place where the account is signed in. */
export interface AccountSession {
  id: string;
  /** The browser's user agent when it signed in. */
  device?: string;
  renewedAt: string;
}

export interface SessionList {
  current: string;
  sessions: AccountSession[];
}

const base = '/api/accounts';

export const readSettings = (): Promise<AccountSettings> => ask('GET', `${base}/settings`);
export const register = (email: string, password: string, invitation?: string): Promise<Tokens> =>
  ask('POST', `${base}/register`, undefined, { email, password, ...(invitation ? { invitation } : {}) });
/** The code is six digits from the app, or a recovery code. */
export const signIn = (email: string, password: string, code: string): Promise<Tokens> =>
  ask('POST', `${base}/login`, undefined, { email, password, ...codeMember(code) });
export const refresh = (refreshToken: string): Promise<Tokens> => ask('POST', `${base}/refresh`, undefined, { refreshToken });

export const endSession = (refreshToken: string): Promise<void> => ask('POST', `${base}/logout`, undefined, { refreshToken });

/** Calls for accounts. */
export class AccountApi {
  constructor(private readonly token: string) {}

  private ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    return ask<T>(method, base + path, this.token, body);
  }

  signOutEverywhere = (): Promise<void> => this.ask('POST', '/logout-everywhere');
  sessions = (): Promise<SessionList> => this.ask('GET', '/sessions');
  endSession = (id: string): Promise<void> => this.ask('DELETE', `/sessions/${id}`);
  changePassword = (oldPassword: string, newPassword: string, code: string): Promise<Tokens> =>
    this.ask('POST', '/manage/info', { oldPassword, newPassword, ...codeMember(code) });
  deleteAccount = (password: string, code: string, deleteRooms: boolean): Promise<void> =>
    this.ask('POST', '/delete', { password, deleteRooms, ...codeMember(code) });
  readTwoFactor = (): Promise<TwoFactorState> => this.ask('POST', '/manage/2fa', {});
  turnTwoFactor = (enable: boolean, code: string): Promise<TwoFactorState> => this.ask('POST', '/manage/2fa', { enable, ...codeMember(code) });
  inviteToRegister = (): Promise<InvitationLink> => this.ask('POST', '/invitations');
  rooms = (after?: string): Promise<RoomPage> => this.ask('GET', `/rooms${after ? `?after=${after}` : ''}`);
  hostToken = (roomId: string): Promise<CreatedRoom> => this.ask('POST', `/rooms/${roomId}/host-token`);
  reopen = (roomId: string): Promise<CreatedRoom> => this.ask('POST', `/rooms/${roomId}/reopen`);
  remove = (roomId: string): Promise<void> => this.ask('DELETE', `/rooms/${roomId}`);
  hosts = (roomId: string): Promise<RoomHosts> => this.ask('GET', `/rooms/${roomId}/hosts`);
  removeHost = (roomId: string, accountId: string): Promise<void> => this.ask('DELETE', `/rooms/${roomId}/hosts/${accountId}`);
  inviteHost = (roomId: string): Promise<InvitationLink> => this.ask('POST', `/rooms/${roomId}/host-invitations`);
  revoke = (roomId: string, invitation: string): Promise<void> => this.ask('DELETE', `/rooms/${roomId}/host-invitations/${invitation}`);
  acceptHosting = (invitation: string): Promise<AccountRoom> => this.ask('POST', '/host-invitations/accept', { invitation });
}

function codeMember(text: string): { twoFactorCode?: string; twoFactorRecoveryCode?: string } {
  const code = text.trim();
  return code === '' ? {} : /^[\d ]+$/.test(code) ? { twoFactorCode: code } : { twoFactorRecoveryCode: code };
}
