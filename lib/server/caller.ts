import 'server-only';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { isEncrypted, readCookies, writeCookie } from './cookie';
import { getSecret } from './secret';

/** Who asks: a person who has signed in, or an anonymous name that only this server can have given. */
export type Caller = {
  readonly id: string;
  /** The `Set-Cookie` header that gives the name; null where it was brought along. */
  readonly cookie: string | null;
  /** Whether it can be expected to bring the name the next time. */
  readonly canReturn: boolean;
};

const COOKIE_NAME = 'rivulet-caller';
/** What browsers keep a cookie for at most. */
const COOKIE_SECONDS = 400 * 86_400;

/**
 * Tells callers apart by a signed cookie, and gives a new name of 128 random bits to one without. A name that is not signed
 * by this server is none. Whoever has the cookie is the caller: scripts of a page cannot read it, other sites cannot use it.
 */
export function identifyCaller(request: Request, secret = getSecret()): Caller {
  // There may be several: a sibling domain can set one of the same name, and that must not make anybody a stranger.
  for (const given of readCookies(request.headers, COOKIE_NAME)) {
    const [id = '', signature = ''] = given.split('.');
    if (isSigned(id, signature, secret)) return { id, cookie: null, canReturn: true };
  }
  const newId = randomBytes(16).toString('base64url');
  const cookie = writeCookie(COOKIE_NAME, `${newId}.${sign(newId, secret)}`, {
    maxAgeSeconds: COOKIE_SECONDS,
    isSecure: isEncrypted(request),
  });
  // A browser had its name with the page. Where it brings none it takes none, or it has the name of another server.
  return { id: newId, cookie, canReturn: !request.headers.has('sec-fetch-site') };
}

/** Somebody who has signed in as a person is the same caller in every browser. */
export function callerOf(subject: string): Caller {
  return { id: subject, cookie: null, canReturn: true };
}

function isSigned(id: string, signature: string, secret: string): boolean {
  const expected = Buffer.from(sign(id, secret));
  const actual = Buffer.from(signature);
  return id !== '' && actual.length === expected.length && timingSafeEqual(actual, expected);
}

function sign(id: string, secret: string): string {
  return createHmac('sha256', secret).update(id).digest('base64url');
}
