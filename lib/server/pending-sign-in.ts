import 'server-only';
import { EncryptJWT, jwtDecrypt } from 'jose';
import { z } from 'zod';
import { readCookies, writeCookie } from './cookie';
import type { SignInChecks } from './identity-provider';
import { deriveKey } from './secret';

const COOKIE_NAME = '__Host-rivulet-sign-in';

/** Long enough to find a second factor. */
const PENDING_SECONDS = 600;

/** Encrypted by our own key itself, and by nothing else. */
const HEADER = { alg: 'dir', enc: 'A256GCM' } as const;

const schema = z.object({ state: z.string(), nonce: z.string(), codeVerifier: z.string(), page: z.string() });

/** A sign-in that waits for somebody to come back from the provider, and the page that they wanted. */
export type PendingSignIn = SignInChecks & { readonly page: string };

const getKey = () => deriveKey('pending sign-in');

/** The `Set-Cookie` header that binds a sign-in to the browser in which it was begun. Nobody can read it. */
export async function keepPending(pending: PendingSignIn, key = getKey()): Promise<string> {
  const token = await new EncryptJWT({ ...pending })
    .setProtectedHeader(HEADER)
    .setIssuedAt()
    .setExpirationTime(`${PENDING_SECONDS}s`)
    .encrypt(key);
  return writeCookie(COOKIE_NAME, token, { maxAgeSeconds: PENDING_SECONDS, isSecure: true });
}

/** The `Set-Cookie` header that takes it away: each one counts once. */
export function forgetPending(): string {
  return writeCookie(COOKIE_NAME, '', { maxAgeSeconds: 0, isSecure: true });
}

/** The sign-in that this browser has begun; null for none, or one that has waited too long. */
export async function findPending(headers: Headers, key = getKey()): Promise<PendingSignIn | null> {
  const [token, ...more] = readCookies(headers, COOKIE_NAME);
  if (!token || more.length > 0) return null;
  try {
    const { payload } = await jwtDecrypt(token, key, {
      keyManagementAlgorithms: [HEADER.alg],
      contentEncryptionAlgorithms: [HEADER.enc],
      maxTokenAge: PENDING_SECONDS,
    });
    return schema.parse(payload);
  } catch {
    // Whatever is wrong with it, nothing was begun here.
    return null;
  }
}
