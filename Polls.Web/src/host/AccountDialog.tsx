import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { TwoFactorState } from '../contract/accounts';
import { Refusal } from '../contract/http';
import { account, keepTokens, signOut } from '../live/account';
import { texts } from '../messages/texts';
import { useBackOnline } from '../ui/offline';
import { asAccount } from './account';
import { CopyField } from './CopyField';
import { Dialog } from './Dialog';
import { Field } from './Field';
import { focusSoon } from './place';
import { asRefusal, explain } from './refusals';

const t = texts('host');

/** The account dialog: password, second factor, invitations, signing out. */
export function AccountDialog({ close }: { close(): void }) {
  const [said, error] = [useSignal(''), useSignal('')];
  const badPassword = explain(new Refusal('account.badPassword'));
  useBackOnline(error);
  const link = useSignal('');
  const email = account.value?.email ?? '';
  const run = async (work: () => Promise<void>): Promise<void> => {
    [said.value, error.value] = ['', ''];
    try {
      await work();
    } catch (caught) {
      error.value = explain(asRefusal(caught));
      if (error.peek() === badPassword) focusSoon('new-password');
      if (!account.peek()) close();
    }
  };
  return (
    <Dialog title={t.account} close={close}>
      <p dir="auto"><strong>{email}</strong></p>
      <p role="status" class="hint">{said.value}</p>
      <p role="alert" class="error">{error.value === badPassword ? '' : error.value}</p>
      <Part title={t.changePassword}><Password error={error.value === badPassword ? badPassword : ''} change={(old, fresh) => run(async () => {
        keepTokens(email, await asAccount((api) => api.changePassword(old, fresh)));
        said.value = t.passwordChanged;
      })} /></Part>
      <Part title={t.twoFactor}><TwoFactor email={email} run={run} /></Part>
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
    </Dialog>
  );
}

const Part = ({ title, children }: { title: string; children: ComponentChildren }) => (
  <details class="account-part"><summary>{title}</summary>{children}</details>
);

function Password({ error, change }: { error: string; change(old: string, fresh: string): Promise<void> }) {
  const [old, fresh] = [useSignal(''), useSignal('')];
  return (
    <form class="account-form" noValidate onSubmit={(event) => {
      event.preventDefault();
      void change(old.peek(), fresh.peek()).then(() => {
        [old.value, fresh.value] = ['', ''];
      });
    }}>
      <Field id="old-password" label={t.oldPassword} value={old} type="password" fill="current-password" />
      <Field id="new-password" label={t.newPassword} value={fresh} type="password" fill="new-password" hint={t.passwordHint} error={error} />
      <button class="button primary" type="submit">{t.changePassword}</button>
    </form>
  );
}

function TwoFactor({ email, run }: { email: string; run(work: () => Promise<void>): Promise<void> }) {
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
