import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { readSettings, register, signIn, type AccountSettings } from '../contract/accounts';
import { keepTokens } from '../live/account';
import { backoff, sleep } from '../live/backoff';
import { texts } from '../messages/texts';
import { useBackOnline } from '../ui/offline';
import { invited } from './account';
import { Dialog } from './Dialog';
import { Field } from './Field';
import { focusSoon } from './place';
import { asRefusal, explain } from './refusals';

const t = texts('host');

/** The field that an error is about; other errors are about all of them. */
const fields: Record<string, string> = { 'account.badEmail': 'account-email', 'account.emailTaken': 'account-email', 'account.badPassword': 'account-password' };

/** A busy server has not looked at the password yet: it is asked again, a few times. */
async function untilNotBusy<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (caught) {
      const refusal = asRefusal(caught);
      if (refusal.code !== 'busy' || attempt === 3) throw refusal;
      await sleep(Math.max(refusal.retryAfterMs, backoff(attempt)));
    }
  }
}

/** Signing in, or registering if it is allowed. */
export function SignIn({ why = '', close, done }: { why?: string; close(): void; done(): void }) {
  const [email, password, code] = [useSignal(''), useSignal(''), useSignal('')];
  const invitation = invited.value.register;
  const [registers, asksCode] = [useSignal(invitation !== undefined), useSignal(false)];
  const [busy, error, bad] = [useSignal(false), useSignal(''), useSignal('')];
  useBackOnline(error);
  const settings = useSignal<AccountSettings | undefined>(undefined);
  useEffect(() => {
    readSettings().then((read) => {
      settings.value = read;
    }, () => undefined);
  }, []);
  const mayRegister = settings.value?.mayRegister === 'anyone' || (settings.value?.mayRegister === 'invited' && invitation !== undefined);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.peek()) return;
    [busy.value, error.value, bad.value] = [true, '', ''];
    try {
      const name = email.peek().trim();
      keepTokens(name, await untilNotBusy(() =>
        registers.peek() ? register(name, password.peek(), invitation) : signIn(name, password.peek(), code.peek())));
      if (registers.peek()) {
        const { register: _, ...others } = invited.peek();
        invited.value = others;
      }
      done();
    } catch (caught) {
      const refusal = asRefusal(caught);
      if (refusal.code === 'account.codeRequired') {
        asksCode.value = true;
        focusSoon('account-code');
      } else [error.value, bad.value] = [explain(refusal), fields[refusal.code] ?? ''];
      if (bad.peek()) focusSoon(bad.peek());
    } finally {
      busy.value = false;
    }
  };
  const errorOf = (field: string): string => (bad.value === field ? error.value : '');
  return (
    <Dialog title={registers.value ? t.register : t.signIn} close={close}>
      <form class="account-form" noValidate onSubmit={(event) => void submit(event)}>
        {why && <p>{why}</p>}
        <Field id="account-email" label={t.email} value={email} type="email" fill="username" error={errorOf('account-email')} />
        <Field id="account-password" label={t.password} value={password} type="password" fill={registers.value ? 'new-password' : 'current-password'}
          hint={registers.value ? t.passwordHint : ''} error={errorOf('account-password')} />
        {asksCode.value && !registers.value && <Field id="account-code" label={t.code} value={code} fill="one-time-code" hint={t.codeHint} />}
        <p class="error" role="alert">{errorOf('')}</p>
        <button class="button primary" type="submit" aria-disabled={busy.value}>{registers.value ? t.register : t.signIn}</button>
        {(registers.value || mayRegister) && (
          <button class="text-button" type="button" onClick={() => {
            [registers.value, error.value, bad.value] = [!registers.peek(), '', ''];
          }}>{registers.value ? t.haveAccount : t.register}</button>
        )}
      </form>
    </Dialog>
  );
}
