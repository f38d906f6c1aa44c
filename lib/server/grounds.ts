import 'server-only';
import type { Config } from './config';

/** That somebody has given this password. */
export const passwordGrounds = (password: string) => `password ${password}`;

/** That somebody has an account at this issuer, with an address that is invited by this entry; none where all are. */
export const accountGrounds = (issuer: string, entry: string | null) => `account ${issuer} ${entry ?? ''}`;

/** Every reason that still counts. */
export function listGrounds({ passwords, provider }: Pick<Config, 'passwords' | 'provider'>): readonly string[] {
  if (provider === null) return passwords.map(passwordGrounds);
  const entries = provider.invited ?? [null];
  return [...passwords.map(passwordGrounds), ...entries.map((entry) => accountGrounds(provider.issuer, entry))];
}
