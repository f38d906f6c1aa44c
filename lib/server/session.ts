import 'server-only';
import { createHmac } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { getConfig } from './config';
import { readCookies, writeCookie } from './cookie';
import { listGrounds } from './grounds';
import { deriveKey } from './secret';

/** The prefix makes browsers refuse it from other hosts, from subdomains, and where the connection is not encrypted (RFC 6265bis §4.1.3). */
const COOKIE_NAME = '__Host-rivulet-session';

/** Long enough that nobody signs in every week, short enough that a cookie that was copied does not last. */
const SESSION_SECONDS = 30 * 86_400;

const ALGORITHM = 'HS256';

/** What signs sessions, and the grounds on which somebody may be let in: they are withdrawn with what they stand for. */
export type SessionKeys = { readonly key: Uint8Array; readonly grounds: readonly string[] };

const getKeys = (): SessionKeys => ({ key: deriveKey('session'), grounds: listGrounds(getConfig()) });

/** Why somebody was let in, and who it is; null where several have the same password. */
export type Admission = { readonly grounds: string; readonly subject: string | null };

/** Who has signed in. */
export type Session = Pick<Admission, 'subject'>;

/** The `Set-Cookie` header of somebody who was let in. */
export async function beginSession({ grounds, subject }: Admission, { key } = getKeys()): Promise<string> {
  const token = await new SignJWT({
    grounds: digest(grounds, key),
    ...(subject !== null && { sub: digest(subject, key) }),
  })
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

/**
 * The session that the request brings: one that this server began, on grounds that still count. Null for none. Its subject is
 * a name for the person from which nobody can tell who it is.
 */
export async function findSession(headers: Headers, { key, grounds } = getKeys()): Promise<Session | null> {
  const [token, ...more] = readCookies(headers, COOKIE_NAME);
  // A browser cannot have two of them, for nobody but this host can set one.
  if (!token || more.length > 0) return null;
  try {
    const { payload } = await jwtVerify(token, key, { algorithms: [ALGORITHM], maxTokenAge: SESSION_SECONDS });
    if (!grounds.some((each) => payload.grounds === digest(each, key))) return null;
    return { subject: payload.sub ?? null };
  } catch {
    // Whatever is wrong with it, it is no session.
    return null;
  }
}

/** Stands for a text in a cookie, which its holder can read: nothing can be told from it without the key. */
function digest(text: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}
