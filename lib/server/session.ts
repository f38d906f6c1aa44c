import 'server-only';
import { createHmac } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { getConfig } from './config';
import { readCookies, writeCookie } from './cookie';
import { deriveKey } from './secret';

/** The prefix makes browsers refuse it from other hosts, from subdomains, and where the connection is not encrypted (RFC 6265bis §4.1.3). */
const COOKIE_NAME = '__Host-rivulet-session';

/** Long enough that nobody signs in every week, short enough that a cookie that was copied does not last. */
const SESSION_SECONDS = 30 * 86_400;

const ALGORITHM = 'HS256';

/** What signs sessions, and the passwords that they may stand for. */
export type SessionKeys = { readonly key: Uint8Array; readonly passwords: readonly string[] };

const getKeys = (): SessionKeys => ({ key: deriveKey('session'), passwords: getConfig().passwords });

/** The `Set-Cookie` header of somebody who has given this password. */
export async function beginSession(password: string, { key } = getKeys()): Promise<string> {
  const token = await new SignJWT({ password: nameOf(password, key) })
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuedAt()
    .setExpirationTime(`${SESSION_SECONDS}s`)
    .sign(key);
  return writeCookie(COOKIE_NAME, token, { maxAgeSeconds: SESSION_SECONDS, isSecure: true });
}

/** The `Set-Cookie` header that takes the cookie away. */
export function endSession(): string {
  return writeCookie(COOKIE_NAME, '', { maxAgeSeconds: 0, isSecure: true });
}

/** Whether the request brings one session that this server began, for a password that still counts. */
export async function hasSession(headers: Headers, { key, passwords } = getKeys()): Promise<boolean> {
  const [token, ...more] = readCookies(headers, COOKIE_NAME);
  // A browser cannot have two of them, for nobody but this host can set one.
  if (!token || more.length > 0) return false;
  try {
    const { payload } = await jwtVerify(token, key, { algorithms: [ALGORITHM], maxTokenAge: SESSION_SECONDS });
    return passwords.some((password) => payload.password === nameOf(password, key));
  } catch {
    // Whatever is wrong with it, it is no session.
    return false;
  }
}

/** Stands for a password in a cookie, which its holder can read: nothing can be told from it without the key. */
function nameOf(password: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(`password ${password}`).digest('base64url');
}
