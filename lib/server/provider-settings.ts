import 'server-only';
import { z } from 'zod';
import { isLoopbackName } from './loopback';

/** An address that nobody on the way can change: encrypted, or one that never leaves this machine. */
const safeUrl = z.string().trim().refine(isSafe, 'must be a plain https address, or one of http on this machine');

function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  const isPlain = [username, password, search, hash].every((part) => part === '');
  return isPlain && (protocol === 'https:' || (protocol === 'http:' && isLoopbackName(hostname)));
}

/** `OIDC_ISSUER`. Where the address of metadata is given, whatever issuer stands in them would be taken for the right one. */
export const issuerUrl = safeUrl.refine(
  (url) => !url.includes('/.well-known/'),
  'must be the issuer: the address of its metadata without /.well-known/ and what follows',
);

/** `PUBLIC_URL`: the origin alone, for the pages and their cookies stand at its root. */
export const originUrl = safeUrl
  .refine((url) => !URL.canParse(url) || new URL(url).pathname === '/', 'must have no path')
  .transform((url) => (URL.canParse(url) ? new URL(url).origin : ''));

/** `OIDC_ALLOWED_EMAILS`: addresses, and domains that begin with an @, with commas between them. */
export const invitationList = z
  .string()
  .transform((text) => text.split(',').map((entry) => entry.trim()))
  .refine(
    (entries) => entries.every((entry) => /^[^\s@]*@[^\s@]+$/.test(entry)),
    'has an entry that is neither an address nor a domain that begins with @',
  );

/** Issuers at which anybody can have an account, so that one of theirs says nothing about who may come in. */
const OPEN_ISSUERS = [
  'accounts.google.com',
  'account.apple.com',
  'appleid.apple.com',
  'api.login.yahoo.com',
  'gitlab.com',
  'id.twitch.tv',
  'access.line.me',
  'discord.com',
  'slack.com',
  'www.facebook.com',
  'www.linkedin.com',
  'www.paypal.com',
];

/** Of Microsoft's, the paths that stand for every company or person; the last one is that of private accounts. */
const OPEN_TENANTS = ['common', 'organizations', 'consumers', '9188040d-6c67-4c5b-b112-36a304b66dad'];

/** Whether anybody in the world can sign in at this issuer. False for what could not be read: that has a problem of its own. */
export function isOpenToAll(issuer: unknown): boolean {
  if (typeof issuer !== 'string' || !URL.canParse(issuer)) return false;
  const { hostname, pathname } = new URL(issuer);
  if (hostname !== 'login.microsoftonline.com') return OPEN_ISSUERS.includes(hostname);
  return OPEN_TENANTS.includes(pathname.split('/')[1]?.toLowerCase() ?? '');
}

/** The identity provider at which people sign in. */
export type ProviderSettings = {
  readonly issuer: string;
  readonly clientId: string;
  /** A client that is public has none. */
  readonly clientSecret: string | undefined;
  /** Whose verified addresses may come in; null where everybody who has an account there may. */
  readonly invited: readonly string[] | null;
  readonly publicUrl: string;
};

type ProviderEnv = {
  readonly OIDC_ISSUER?: string | undefined;
  readonly OIDC_CLIENT_ID?: string | undefined;
  readonly OIDC_CLIENT_SECRET?: string | undefined;
  readonly OIDC_ALLOWED_EMAILS?: readonly string[] | undefined;
  readonly PUBLIC_URL?: string | undefined;
};

/** Null where people do not sign in at a provider. Whether all is there that belongs to one has been checked before. */
export function providerOf({ OIDC_ISSUER, OIDC_CLIENT_ID, PUBLIC_URL, ...env }: ProviderEnv): ProviderSettings | null {
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID || !PUBLIC_URL) return null;
  return {
    issuer: OIDC_ISSUER,
    clientId: OIDC_CLIENT_ID,
    clientSecret: env.OIDC_CLIENT_SECRET,
    invited: env.OIDC_ALLOWED_EMAILS ?? null,
    publicUrl: PUBLIC_URL,
  };
}
