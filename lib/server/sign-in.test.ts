import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerModels } from './answer-models';
import { headersFrom } from './peer.fixture';
import { giveSettings } from './settings.fixture';
import { answerSignIn, answerSignOut } from './sign-in';

beforeAll(() => giveSettings({ ACCESS_PASSWORD: 'the first one, the second one', LOG_LEVEL: 'silent' }));

const URL = 'http://localhost/api/session';
let visitors = 0;
let visitor = '';

// Each test is somebody else: wrong passwords are counted.
beforeEach(() => {
  visitors += 1;
  visitor = `192.0.2.${visitors}`;
});

function post(body: unknown, from = visitor): Promise<Response> {
  return answerSignIn(
    new Request(URL, {
      method: 'POST',
      headers: headersFrom(from, { 'content-type': 'application/json' }),
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );
}

const sessionOf = (response: Response) =>
  response.headers.getSetCookie().find((cookie) => cookie.startsWith('__Host-rivulet-session='));

/** The status that somebody with this session gets for a question to the API. */
async function statusWith(session = ''): Promise<number> {
  const [cookie = ''] = session.split(';');
  return (await answerModels(new Request(URL, { headers: headersFrom(visitor, { cookie }) }))).status;
}

describe('a sign-in', () => {
  it.each(['the first one', 'the second one'])('with “%s” gives a session that the API takes', async (password) => {
    expect(await statusWith()).toBe(401);
    const response = await post({ password });
    expect(response.status).toBe(204);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await statusWith(sessionOf(response))).toBe(200);
  });

  it.each([
    ['another password', 'the third one'],
    ['an empty one', ''],
    ['the beginning of the right one', 'the first on'],
    ['the right one and more', 'the first one '],
    ['all of them', 'the first one, the second one'],
    ['other letters', 'The first one'],
  ])('with %s gives none', async (_what, password) => {
    const response = await post({ password });
    expect(response.status).toBe(401);
    expect(sessionOf(response)).toBeUndefined();
    expect(await response.json()).toMatchObject({ error: { code: 'wrong_password' } });
  });

  it.each([
    ['an operator of a database', { password: { $ne: '' } }],
    ['a list', { password: [] }],
    ['nothing', { password: null }],
    ['a number', { password: 1 }],
    ['a thousand and one characters', { password: 'x'.repeat(1001) }],
    ['no password', {}],
    ['another field', { password: 'the first one', isAdmin: true }],
    ['no JSON', '{'],
  ])('is not understood with %s (A052)', async (_what, body) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(sessionOf(response)).toBeUndefined();
  });

  it('is read as far as its longest password reaches, however that is escaped, and no further (A052)', async () => {
    expect((await post(`{"password":"${'\\u00e9'.repeat(1000)}"}`)).status).toBe(401);
    expect((await post({ password: 'x'.repeat(1_000_000) })).status).toBe(400);
  });

  it('is refused after ten wrong ones, with the right password too, whatever the client claims to be (A053)', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 20; n += 1) statuses.push((await post({ password: `guess ${n}` })).status);
    expect(statuses).toEqual([...Array(10).fill(401), ...Array(10).fill(429)]);
    const response = await post({ password: 'the first one' });
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(800);
    expect(await response.json()).toMatchObject({ error: { code: 'too_many_attempts' } });
    expect((await post({ password: 'the first one' }, '198.51.100.1')).status).toBe(204);
  });
});

describe('a sign-out', () => {
  it('takes the cookie away, also from somebody who had none', async () => {
    const response = await answerSignOut(new Request(URL, { method: 'DELETE' }));
    expect(response.status).toBe(204);
    expect(sessionOf(response)).toMatch(/^__Host-rivulet-session=; .*Max-Age=0/);
  });

  it('is not for other sites', async () => {
    const headers = { host: 'localhost', origin: 'https://evil.example' };
    expect((await answerSignOut(new Request(URL, { method: 'DELETE', headers }))).status).toBe(403);
  });
});
