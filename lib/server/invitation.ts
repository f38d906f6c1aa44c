import 'server-only';
import type { Identity } from './identity-provider';

type Address = Pick<Identity, 'email' | 'isEmailVerified'>;

/**
 * The entry of `OIDC_ALLOWED_EMAILS` that invites somebody with this address; undefined for none. An address that the provider
 * has not verified could be anybody's.
 */
export function findInvitation({ email, isEmailVerified }: Address, entries: readonly string[]): string | undefined {
  if (email === undefined || !isEmailVerified) return undefined;
  const address = toLowerAscii(email);
  const domain = address.slice(address.lastIndexOf('@'));
  return entries.find((entry) => [address, domain].includes(toLowerAscii(entry)));
}

/** Letters of other scripts stay: some of them become ASCII in lower case, as the Kelvin sign becomes a k. */
function toLowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
