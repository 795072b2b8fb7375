import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { TwoFactorState } from '../contract/accounts';
import { Refusal } from '../contract/http';
import { account, keepTokens, signOut } from '../live/account';
import { texts } from '../messages/texts';
import { useBackOnline } from '../ui/offline';
import { asAccount } from './account';
import { AccountPlaces } from './AccountPlaces';
import { CopyField } from './CopyField';
import { Dialog } from './Dialog';
import { Field } from './Field';
import { focusSoon } from './place';
import { asRefusal, explain } from './refusals';

const t = texts('host');

/** The account dialog: password, second factor, where it is signed in, invitations, signing out, deleting it. */
export function AccountDialog({ close }: { close(): void }) {
  const [said, error, asksCode] = [useSignal(''), useSignal(''), useSignal(false)];
  const badPassword = explain(new Refusal('account.badPassword'));
  useBackOnline(error);
  const link = useSignal('');
  const email = account.value?.email ?? '';
  const run = async (work: () => Promise<void>): Promise<boolean> => {
    error.value = '';
    try {
      await work();
      return true;
    } catch (caught) {
      const refusal = asRefusal(caught);
      [said.value, error.value] = ['', explain(refusal)];
      if (refusal.code === 'account.codeRequired') asksCode.value = true;
      if (error.peek() === badPassword) focusSoon('new-password');
      if (!account.peek()) close();
      return false;
    }
  };
  return (
    <Dialog title={t.account} close={close}>
      <p dir="auto"><strong>{email}</strong></p>
      <p role="status" class="hint">{said.value}</p>
      <p role="alert" class="error">{error.value === badPassword ? '' : error.value}</p>
      <Part title={t.changePassword}><Password error={error.value === badPassword ? badPassword : ''} asksCode={asksCode.value} change={(old, fresh, code) => run(async () => {
        keepTokens(email, await asAccount((api) => api.changePassword(old, fresh, code)));
        said.value = t.passwordChanged;
      })} /></Part>
      <Part title={t.twoFactor}><TwoFactor email={email} run={run} /></Part>
      <Part title={t.places}><AccountPlaces run={run} /></Part>
      <Part title={t.inviteToRegister}>
        {link.value ? <CopyField id="register-link" label={t.registerLink} value={link.value} />
          : <button class="button" type="button" onClick={() => void run(async () => {
            link.value = (await asAccount((api) => api.inviteToRegister())).link;
          })}>{t.makeLink}</button>}
      </Part>
      <div class="row">
        <button class="button" type="button" onClick={() => {
          signOut();
          close();
        }}>{t.signOut}</button>
        <button class="button danger" type="button" onClick={() => void run(async () => {
          await asAccount((api) => api.signOutEverywhere());
          signOut();
          close();
        })}>{t.signOutEverywhere}</button>
      </div>
      <Part title={t.deleteAccount}><DeleteAccount asksCode={asksCode.value} agree={(password, code, rooms) => run(async () => {
        await asAccount((api) => api.deleteAccount(password, code, rooms));
        signOut();
        close();
      })} /></Part>
    </Dialog>
  );
}

const Part = ({ title, children }: { title: string; children: ComponentChildren }) => (
  <details class="account-part"><summary>{title}</summary>{children}</details>
);

function Password({ error, asksCode, change }: { error: string; asksCode: boolean; change(old: string, fresh: string, code: string): Promise<boolean> }) {
  const [old, fresh, code] = [useSignal(''), useSignal(''), useSignal('')];
  return (
    <form class="account-form" noValidate onSubmit={(event) => {
      event.preventDefault();
      void change(old.peek(), fresh.peek(), code.peek()).then((done) => {
        if (done) [old.value, fresh.value, code.value] = ['', '', ''];
      });
    }}>
      <Field id="old-password" label={t.oldPassword} value={old} type="password" fill="current-password" />
      <Field id="new-password" label={t.newPassword} value={fresh} type="password" fill="new-password" hint={t.passwordHint} error={error} />
      {asksCode && <Field id="password-code" label={t.code} value={code} fill="one-time-code" hint={t.codeHint} />}
      <button class="button primary" type="submit">{t.changePassword}</button>
    </form>
  );
}

function DeleteAccount({ asksCode, agree }: { asksCode: boolean; agree(password: string, code: string, rooms: boolean): Promise<boolean> }) {
  const [password, code, rooms] = [useSignal(''), useSignal(''), useSignal(false)];
  return (
    <form class="account-form" noValidate onSubmit={(event) => {
      event.preventDefault();
      void agree(password.peek(), code.peek(), rooms.peek());
    }}>
      <p>{t.deleteAccountHint}</p>
      <label class="check">
        <input type="checkbox" checked={rooms.value} onChange={(event) => {
          rooms.value = event.currentTarget.checked;
        }} /> {t.deleteMyRooms}
      </label>
      <Field id="delete-password" label={t.oldPassword} value={password} type="password" fill="current-password" />
      {asksCode && <Field id="delete-code" label={t.code} value={code} fill="one-time-code" hint={t.codeHint} />}
      <button class="button danger solid" type="submit">{t.deleteAccount}</button>
    </form>
  );
}

function TwoFactor({ email, run }: { email: string; run(work: () => Promise<void>): Promise<boolean> }) {
  const state = useSignal<TwoFactorState | undefined>(undefined);
  const code = useSignal('');
  useEffect(() => {
    void run(async () => {
      state.value = await asAccount((api) => api.readTwoFactor());
    });
  }, []);
  const now = state.value;
  if (!now) return null;
  return (
    <form class="account-form" noValidate onSubmit={(event) => {
      event.preventDefault();
      void run(async () => {
        const changed = await asAccount((api) => api.turnTwoFactor(!now.isTwoFactorEnabled, code.peek()));
        if (changed.tokens) keepTokens(email, changed.tokens);
        // After turning it off, there is a new key to read.
        state.value = changed.isTwoFactorEnabled ? changed : await asAccount((api) => api.readTwoFactor());
        code.value = '';
      });
    }}>
      <p>{now.isTwoFactorEnabled ? t.twoFactorOn : t.twoFactorOff}</p>
      {now.recoveryCodes && <><p><strong>{t.recoveryHint}</strong></p><pre class="codes" dir="ltr">{now.recoveryCodes.join('\n')}</pre></>}
      {now.sharedKey && <CopyField id="shared-key" label={t.sharedKey} value={now.sharedKey} />}
      {now.authenticatorUri && <p><a href={now.authenticatorUri}>{t.openApp}</a></p>}
      <Field id="factor-code" label={t.code} value={code} fill="one-time-code" hint={now.isTwoFactorEnabled ? t.codeHint : ''} />
      <button class="button primary" type="submit">{now.isTwoFactorEnabled ? t.turnOff : t.turnOn}</button>
    </form>
  );
}
