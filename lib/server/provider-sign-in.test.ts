import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerModels } from './answer-models';
import { ScriptedProvider, SETTINGS } from './identity-provider.fixture';
import { answerProviderCallback, answerProviderSignIn } from './provider-sign-in';
import { giveSettings } from './settings.fixture';

const INVITED = ['@members.example'];

let takeBack = () => {};
beforeAll(() => {
  takeBack = giveSettings({
    OIDC_ISSUER: SETTINGS.issuer,
    OIDC_CLIENT_ID: SETTINGS.clientId,
    OIDC_ALLOWED_EMAILS: INVITED.join(),
    PUBLIC_URL: SETTINGS.publicUrl,
  });
});
afterAll(() => takeBack());

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const PENDING = '__Host-rivulet-sign-in';
const SESSION = '__Host-rivulet-session';

/** What a browser sends back of the cookies of a response; nothing of those that were taken away. */
const sentBack = (response: Response, name: string) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .find((cookie) => cookie.startsWith(`${name}=`) && cookie !== `${name}=`);

/** Somebody with this address, at a provider and on the way back from it. */
class Visitor {
  readonly scripted = new ScriptedProvider();
  readonly provider = this.scripted.connect({ invited: INVITED });

  constructor(email = 'ada@members.example', isVerified: unknown = true) {
    this.scripted.claims = { email, email_verified: isVerified };
  }

  async begin(to = '/chat/asked-for-this-one') {
    const address = `http://localhost/api/session/oidc?to=${encodeURIComponent(to)}`;
    const response = await answerProviderSignIn(new Request(address), this.provider);
    const query = this.scripted.comeBack(new URL(response.headers.get('location') ?? ''));
    return { response, query, cookie: sentBack(response, PENDING) ?? '' };
  }

  /** As browsers do it: from the page of another site. */
  comeBack(query: string, cookie: string): Promise<Response> {
    const headers = { cookie, 'sec-fetch-site': 'cross-site' };
    return answerProviderCallback(
      new Request(`http://internal/api/session/callback${query}`, { headers }),
      this.provider,
    );
  }

  async signIn(to?: string): Promise<Response> {
    const { query, cookie } = await this.begin(to);
    return this.comeBack(query, cookie);
  }
}

const leadsTo = (response: Response) => [response.status, response.headers.get('location')];

describe('a sign-in at a provider', () => {
  it('leads there, and is bound to its browser by a cookie that nobody can read', async () => {
    const { response } = await new Visitor().begin();
    expect(leadsTo(response)).toEqual([302, expect.stringMatching(/^https:\/\/id\.example\/authorize\?/)]);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const cookie = response.headers.getSetCookie().join();
    expect(cookie).toMatch(/^__Host-rivulet-sign-in=[\w.-]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/);
  });

  it('gives a session that the API takes, and leads to the page that was asked for', async () => {
    const response = await new Visitor().signIn();
    expect(leadsTo(response)).toEqual([303, '/chat/asked-for-this-one']);
    const cookie = sentBack(response, SESSION) ?? expect.fail('no session');
    const { status } = await answerModels(new Request('http://localhost/api/models', { headers: { cookie } }));
    expect(status).toBe(200);
    expect(response.headers.getSetCookie()).toContainEqual(expect.stringMatching(`^${PENDING}=; Path=/; Max-Age=0`));
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    'javascript:alert(1)',
    '/chat/../api/session/oidc',
    '/chat/a\r\nSet-Cookie: a=b',
    '/chat/a\n',
    '/chat/a?problem=not_invited',
    '/chat//evil.example',
    '',
  ])('leads to no other page than ours: %j (A055)', async (to) => {
    expect(leadsTo(await new Visitor().signIn(to))).toEqual([303, '/']);
  });

  it.each<[string, string, unknown]>([
    ['is of another domain', 'ada@elsewhere.example', true],
    ['is not verified', 'ada@members.example', false],
    ['is verified in so many words only', 'ada@members.example', 'true'],
  ])('gives no session to somebody whose address %s', async (_what, email, isVerified) => {
    const response = await new Visitor(email, isVerified).signIn();
    expect(leadsTo(response)).toEqual([303, '/chat/asked-for-this-one?problem=not_invited']);
    expect(sentBack(response, SESSION)).toBeUndefined();
  });

  it('gives no session in a browser in which it was not begun', async () => {
    const visitor = new Visitor();
    const { query } = await visitor.begin();
    for (const cookie of ['', `${PENDING}=`, (await new Visitor().begin()).cookie]) {
      const response = await visitor.comeBack(query, cookie);
      expect(leadsTo(response)).toEqual([303, expect.stringMatching(/\?problem=sign_in_failed$/)]);
      expect(sentBack(response, SESSION)).toBeUndefined();
    }
    expect(visitor.scripted.asked.map(({ path }) => path)).not.toContain('/token');
  });

  it('gives no session where the cookie was tampered with, or comes twice', async () => {
    const visitor = new Visitor();
    const { query, cookie } = await visitor.begin();
    const last = cookie.at(-1) === 'A' ? 'Q' : 'A';
    for (const other of [`${cookie.slice(0, -1)}${last}`, cookie.slice(0, -9), `${cookie}; ${cookie}`]) {
      expect(leadsTo(await visitor.comeBack(query, other))).toEqual([303, '/?problem=sign_in_failed']);
    }
    expect(leadsTo(await visitor.comeBack(query, cookie))).toEqual([303, '/chat/asked-for-this-one']);
  });

  it('gives no session after ten minutes, whatever the browser does with the cookie', async () => {
    const visitor = new Visitor();
    const { query, cookie } = await visitor.begin();
    vi.advanceTimersByTime(600_000);
    expect(leadsTo(await visitor.comeBack(query, cookie))).toEqual([303, '/?problem=sign_in_failed']);
  });

  it('gives one session for one answer of the provider, also to who has kept the cookie', async () => {
    const visitor = new Visitor();
    const { query, cookie } = await visitor.begin();
    expect(sentBack(await visitor.comeBack(query, cookie), SESSION)).toBeDefined();
    const again = await visitor.comeBack(query, cookie);
    expect(leadsTo(again)).toEqual([303, '/chat/asked-for-this-one?problem=sign_in_failed']);
    expect(sentBack(again, SESSION)).toBeUndefined();
  });

  it('says that it has failed where the provider is down, or where there is none', async () => {
    const visitor = new Visitor();
    visitor.scripted.isDown = true;
    const request = new Request('http://localhost/api/session/oidc?to=/chat/asked-for-this-one');
    for (const provider of [visitor.provider, null]) {
      const response = await answerProviderSignIn(request, provider);
      expect(leadsTo(response)).toEqual([303, '/chat/asked-for-this-one?problem=sign_in_failed']);
    }
  });
});
