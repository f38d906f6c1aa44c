import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deriveKey } from './secret';
import { beginSession, endSession, findSession, type SessionKeys } from './session';

const SECRET = 'a secret of at least 32 characters';
const NAME = '__Host-rivulet-session';
const DAY_MS = 86_400_000;

const keys = (secret = SECRET, grounds: readonly string[] = ['one', 'two']): SessionKeys => ({
  key: deriveKey('session', secret),
  grounds,
});

const bring = (cookie: string) => new Headers({ cookie });

const hasSession = async (headers: Headers, by: SessionKeys) => (await findSession(headers, by)) !== null;

/** What a browser sends back after a sign-in. */
async function signIn(grounds = 'one', by = keys(), subject: string | null = null) {
  const [sent = ''] = (await beginSession({ grounds, subject }, by)).split(';');
  return { sent, token: sent.slice(NAME.length + 1) };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a session', () => {
  it('is a cookie that this host alone can set and read, over encrypted connections alone', async () => {
    expect(await beginSession({ grounds: 'one', subject: null }, keys())).toMatch(
      /^__Host-rivulet-session=[\w.-]+; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure$/,
    );
  });

  it('is known again, among other cookies too', async () => {
    const { sent } = await signIn();
    expect(await hasSession(bring(sent), keys())).toBe(true);
    expect(await hasSession(bring(`theme=dark; ${sent}; a=b`), keys())).toBe(true);
  });

  it('does not hold the password, nor anything that it can be guessed from without the secret', async () => {
    const { token } = await signIn('hunter2', keys(SECRET, ['hunter2']));
    const other = await signIn('hunter2', keys('another secret of at least 32 characters', ['hunter2']));
    const claimsOf = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
    expect(Object.keys(claimsOf(token)).toSorted()).toEqual(['exp', 'grounds', 'iat']);
    expect(claimsOf(token).grounds).not.toBe(claimsOf(other.token).grounds);
    expect(JSON.stringify(claimsOf(token))).not.toContain('hunter2');
  });

  it('ends after 30 days', async () => {
    const { sent } = await signIn();
    vi.advanceTimersByTime(30 * DAY_MS - 1000);
    expect(await hasSession(bring(sent), keys())).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(await hasSession(bring(sent), keys())).toBe(false);
  });

  it('knows a person again, and holds nothing from which anybody could tell who it is', async () => {
    const { sent, token } = await signIn('one', keys(), 'subject https://id.example 248289761001');
    const again = await signIn('two', keys(), 'subject https://id.example 248289761001');
    const other = await signIn('one', keys(), 'subject https://id.example 248289761002');
    const session = await findSession(bring(sent), keys());
    expect(session).toEqual({ subject: expect.stringMatching(/^[\w-]{43}$/) });
    expect(await findSession(bring(again.sent), keys())).toEqual(session);
    expect(await findSession(bring(other.sent), keys())).not.toEqual(session);
    expect(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).not.toMatch(/id\.example|2482/);
  });

  it('knows nobody by a password, which several have', async () => {
    const { sent } = await signIn();
    expect(await findSession(bring(sent), keys())).toEqual({ subject: null });
  });

  it('ends with its password, and with no other (A056)', async () => {
    const { sent } = await signIn('one');
    expect(await hasSession(bring(sent), keys(SECRET, ['one', 'three']))).toBe(true);
    expect(await hasSession(bring(sent), keys(SECRET, ['two']))).toBe(false);
    expect(await hasSession(bring(sent), keys(SECRET, []))).toBe(false);
  });

  it('ends with the secret', async () => {
    const { sent } = await signIn();
    expect(await hasSession(bring(sent), keys('another secret of at least 32 characters'))).toBe(false);
  });

  it('is taken away by an empty cookie that has expired', () => {
    expect(endSession()).toMatch(/^__Host-rivulet-session=; Path=\/; Max-Age=0;/);
  });
});

describe('a cookie that was tampered with is no session (A051)', () => {
  /** A token with these claims that is signed as ours are. */
  const signed = (claims: Record<string, unknown>, key = keys().key, alg = 'HS256') =>
    new SignJWT(claims).setProtectedHeader({ alg }).sign(key);
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claimsOf = (token: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  const nowSeconds = () => Math.floor(Date.now() / 1000);

  it.each<[string, (token: string) => string | Promise<string>]>([
    ['without its last character', (token) => token.slice(0, -1)],
    ['with one more', (token) => `${token}A`],
    ['cut in the middle', (token) => token.slice(0, token.length / 2)],
    ['empty', () => ''],
    ['of separators', () => '..'],
    ['without a signature', (token) => `${token.split('.').slice(0, 2).join('.')}.`],
    ['with the algorithm “none”', (token) => `${encode({ alg: 'none' })}.${token.split('.')[1]}.`],
    [
      'with the algorithm “none” and our signature',
      (token) => `${encode({ alg: 'none' })}.${token.split('.').slice(1).join('.')}`,
    ],
    ['with its parts swapped', (token) => token.split('.').toReversed().join('.')],
    [
      'with other claims',
      (token) => [token.split('.')[0], encode({ ...claimsOf(token), exp: 9e9 }), token.split('.')[2]].join('.'),
    ],
    [
      'signed by another key',
      (token) => signed(claimsOf(token), deriveKey('session', 'another secret of 32 characters.')),
    ],
    ['signed by the key for another purpose', (token) => signed(claimsOf(token), deriveKey('caller', SECRET))],
    ['signed by another algorithm', (token) => signed(claimsOf(token), deriveKey('session', SECRET), 'HS512')],
    ['on no grounds', (token) => signed({ ...claimsOf(token), grounds: undefined })],
    ['on all grounds', (token) => signed({ ...claimsOf(token), grounds: true })],
    ['that has expired', (token) => signed({ ...claimsOf(token), exp: nowSeconds() - 1 })],
    [
      'that never expires and is old',
      (token) => signed({ ...claimsOf(token), exp: undefined, iat: nowSeconds() - 31 * 86_400 }),
    ],
    ['that was begun in the future', (token) => signed({ ...claimsOf(token), iat: nowSeconds() + 3600 })],
    ['that does not say when it was begun', (token) => signed({ ...claimsOf(token), iat: undefined })],
    ['percent-encoded', (token) => encodeURIComponent(`"${token}"`)],
    ['of 4 kB', () => 'A'.repeat(4096)],
    ['of nothing but dots', () => '.'.repeat(4096)],
  ])('%s', async (_what, tamper) => {
    const { token } = await signIn();
    expect(await hasSession(bring(`${NAME}=${await tamper(token)}`), keys())).toBe(false);
  });

  it('with any of its bytes flipped', async () => {
    const { token } = await signIn();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    // The highest bit of each: the lowest ones of the last stand for nothing.
    const flip = (letter: string) => alphabet[(alphabet.indexOf(letter) + 32) % 64];
    for (const [at, letter] of [...token].entries()) {
      const changed = `${token.slice(0, at)}${letter === '.' ? '-' : flip(letter)}${token.slice(at + 1)}`;
      expect(await hasSession(bring(`${NAME}=${changed}`), keys()), `at ${at}`).toBe(false);
    }
  });

  it('twice in one request', async () => {
    const { sent } = await signIn();
    expect(await hasSession(bring(`${sent}; ${sent}`), keys())).toBe(false);
  });

  it('under another name', async () => {
    const { token } = await signIn();
    expect(await hasSession(bring(`rivulet-session=${token}`), keys())).toBe(false);
    expect(await hasSession(new Headers(), keys())).toBe(false);
  });
});
