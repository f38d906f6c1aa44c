import { createHmac } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { identifyCaller } from './caller';

const SECRET = 'a secret of at least 32 characters';

const ask = (cookie?: string, { url = 'http://localhost/', headers = {} } = {}) =>
  new Request(url, { headers: { ...headers, ...(cookie !== undefined && { Cookie: cookie }) } });

/** What a browser sends back of a `Set-Cookie` header. */
const sentBack = (cookie: string | null) => cookie?.split(';')[0] ?? expect.fail('no cookie');

/** A caller who is new, and the cookie that it was given. */
function newCaller(secret = SECRET) {
  const { id, cookie } = identifyCaller(ask(), secret);
  const sent = sentBack(cookie);
  const [name = '', value = ''] = sent.split('=');
  return { id, sent, name, value };
}

describe('a caller without a name', () => {
  it('gets one of 128 random bits, which tells it apart from now on', () => {
    const { id, sent } = newCaller();
    expect(id).toMatch(/^[\w-]{22}$/);
    expect(newCaller().id).not.toBe(id);
    expect(identifyCaller(ask(sent), SECRET)).toEqual({ id, cookie: null, canReturn: true });
  });

  it('gets it signed, in a cookie that no script can read and no other site can use', () => {
    const { id, cookie } = identifyCaller(ask(), SECRET);
    const signature = createHmac('sha256', SECRET).update(id).digest('base64url');
    expect(cookie).toBe(`rivulet-caller=${id}.${signature}; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax`);
  });

  it.each([
    ['https://rivulet.example/', {}, true],
    ['http://localhost/', { 'X-Forwarded-Proto': 'https' }, true],
    ['http://localhost/', { 'X-Forwarded-Proto': 'https, http' }, true],
    ['http://localhost/', { 'X-Forwarded-Proto': 'http' }, false],
    ['http://localhost/', {}, false],
  ])('gets it for encrypted connections alone where its own is one: %s %j', (url, headers, isSecure) => {
    expect(identifyCaller(ask(undefined, { url, headers }), SECRET).cookie?.endsWith('; Secure')).toBe(isSecure);
  });

  it.each([
    ['a program, which may bring it the next time', {}, true],
    ['a browser, which would have it from the page', { 'Sec-Fetch-Site': 'same-origin' }, false],
  ])('is %s', (_who, headers, canReturn) => {
    expect(identifyCaller(ask(undefined, { headers }), SECRET)).toMatchObject({ canReturn });
  });

  it('is one whose name another secret has signed', () => {
    const { id, sent } = newCaller('another secret of at least 32 characters');
    const caller = identifyCaller(ask(sent), SECRET);
    expect(caller.id).not.toBe(id);
    expect(identifyCaller(ask(sentBack(caller.cookie)), SECRET)).toEqual({
      id: caller.id,
      cookie: null,
      canReturn: true,
    });
  });
});

describe('a cookie that this server has not given', () => {
  const { id, name, value } = newCaller();
  const signature = value.slice(id.length + 1);
  const others = newCaller();

  it.each([
    ['has the name of somebody and no signature', `${name}=${id}`],
    ['has an empty signature', `${name}=${id}.`],
    ['has half a signature', `${name}=${id}.${signature.slice(0, -1)}`],
    ['has more than a signature', `${name}=${id}.${signature}A`],
    ['has the signature of another name', `${name}=${id}.${others.value.slice(others.id.length + 1)}`],
    ['has as many characters, but more bytes', `${name}=${id}.${signature.slice(0, -1)}é`],
    ['has another last character', `${name}=${id}.${signature.slice(0, -1)}${signature.endsWith('A') ? 'E' : 'A'}`],
    ['has the name in other letters', `${name}=${id.toUpperCase()}x.${signature}`],
    ['has the two the other way round', `${name}=${signature}.${id}`],
    ['signs no name', `${name}=.${createHmac('sha256', SECRET).update('').digest('base64url')}`],
    ['is empty', ''],
    ['is only a name', name],
    ['has no value', `${name}=`],
    ['has another name', `not-${name}=${value}`],
    ['has only separators', ';;=;.;'],
    ['is encoded', `${name}=${encodeURIComponent(`"${value}"`)}`],
    ['is long', `${name}=${'.'.repeat(5000)}`],
  ])('names nobody: it %s', (_what, cookie) => {
    const caller = identifyCaller(ask(cookie), SECRET);
    expect(caller.id).toMatch(/^[\w-]{22}$/);
    expect(caller.id).not.toBe(id);
    expect(caller.cookie).not.toBeNull();
  });
});

describe('a cookie among others', () => {
  const { id, sent } = newCaller();

  it.each([
    `theme=dark; ${sent}`,
    `${sent}; theme=dark`,
    `a=1;${sent};b=2`,
    `=; broken; not-${sent}; ${sent}`,
    `rivulet-caller=tossed; ${sent}`,
  ])('names its caller: %#', (cookie) => {
    expect(identifyCaller(ask(cookie), SECRET)).toEqual({ id, cookie: null, canReturn: true });
  });
});

describe('the secret of this process', () => {
  it('is made where the operator gives none, and is the same for every copy of the module', async () => {
    vi.stubEnv('SESSION_SECRET', '');
    const { id, cookie } = identifyCaller(ask());
    vi.resetModules();
    const copy = await import('./caller');
    expect(copy.identifyCaller).not.toBe(identifyCaller);
    expect(copy.identifyCaller(ask(sentBack(cookie)))).toEqual({ id, cookie: null, canReturn: true });
    vi.unstubAllEnvs();
  });
});
