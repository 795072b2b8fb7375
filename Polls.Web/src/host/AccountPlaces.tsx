import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SessionList } from '../contract/accounts';
import { account } from '../live/account';
import { fill } from '../messages/text';
import { texts } from '../messages/texts';
import { asAccount } from './account';

const t = texts('host');
const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });

/** Where the account is signed in, each with a button that signs it out. */
export function AccountPlaces({ run }: { run(work: () => Promise<void>): Promise<boolean> }) {
  const list = useSignal<SessionList | undefined>(undefined);
  const load = async (): Promise<void> => {
    list.value = await asAccount((api) => api.sessions());
  };
  // A new password ends the sessions of others and starts another one here.
  useEffect(() => void run(load), [account.value?.accessToken]);
  return (
    <ul class="co-hosts">
      {list.value?.sessions.map(({ id, device, renewedAt }) => {
        const name = deviceName(device) ?? t.unknownDevice;
        const here = id === list.value!.current;
        return (
          <li key={id}>
            <span><strong>{name}</strong> <span class="hint">{here ? t.thisDevice : fill(t.lastUsed, { time: time.format(new Date(renewedAt)) })}</span></span>
            {!here && (
              <button class="button small" type="button" aria-label={fill(t.signOutNamed, { device: name })} onClick={() => void run(async () => {
                try {
                  await asAccount((api) => api.endSession(id));
                } finally {
                  await load();
                }
              })}>{t.signOut}</button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

// The first that fits: the browsers further down are named in the user agents of those further up.
const browsers: [RegExp, string][] = [
  [/Edg|EdgiOS/, 'Edge'], [/OPR\//, 'Opera'], [/SamsungBrowser/, 'Samsung Internet'], [/Firefox|FxiOS/, 'Firefox'],
  [/Chrome|CriOS/, 'Chrome'], [/Safari/, 'Safari'],
];
const systems: [RegExp, string][] = [
  [/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/Android/, 'Android'], [/Windows/, 'Windows'], [/CrOS/, 'ChromeOS'], [/Mac OS X/, 'macOS'], [/Linux/, 'Linux'],
];

/** A short name of a browser and its system; another program is called by its first word. */
export function deviceName(userAgent: string | undefined): string | undefined {
  const find = (names: [RegExp, string][]): string | undefined => names.find(([sign]) => sign.test(userAgent ?? ''))?.[1];
  const browser = find(browsers);
  return browser ? [browser, find(systems)].filter(Boolean).join(' · ') : userAgent?.split(/[/ ]/)[0]?.slice(0, 40);
}
