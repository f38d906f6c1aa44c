import 'server-only';
import { z } from 'zod';

/** Longer ones are not compared: nobody types them, and each try would cost a hash of all of it. */
export const MAX_PASSWORD_CHARS = 1000;

/** `ACCESS_PASSWORD`: one or several, with commas between them, so that one can be withdrawn without the others. */
export const passwordList = z
  .string()
  .transform((text) => text.split(',').map((password) => password.trim()))
  .refine((passwords) => passwords.every((password) => password !== ''), 'has an empty password between its commas')
  .refine(
    (passwords) => passwords.every(({ length }) => length <= MAX_PASSWORD_CHARS),
    `has a password of more than ${MAX_PASSWORD_CHARS} characters`,
  );

/** `ALLOW_PUBLIC`: a yes in so many words. What is neither a yes nor a no could be either, so it is a mistake. */
export const consent = z.stringbool({ error: 'must be 1 or 0' });

/**
 * Whom the server answers: everybody, those who have signed in, or the machine that it runs on. A key is money, so with one it
 * is everybody only if its operator has said so.
 */
export type Access = 'open' | 'members' | 'local';

type AccessSettings = {
  readonly ANTHROPIC_API_KEY?: unknown;
  readonly ANTHROPIC_AUTH_TOKEN?: unknown;
  readonly ACCESS_PASSWORD?: unknown;
  readonly OIDC_ISSUER?: unknown;
  readonly ALLOW_PUBLIC: boolean;
};

/** Whom a server with these settings answers. */
export function accessOf({ ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN, ALLOW_PUBLIC, ...env }: AccessSettings): Access {
  if (env.ACCESS_PASSWORD || env.OIDC_ISSUER) return 'members';
  return ALLOW_PUBLIC || !(ANTHROPIC_API_KEY || ANTHROPIC_AUTH_TOKEN) ? 'open' : 'local';
}
