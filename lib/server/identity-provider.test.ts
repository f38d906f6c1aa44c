import { describe, expect, it } from 'vitest';
import { ISSUER, ScriptedProvider } from './identity-provider.fixture';

const nowSeconds = () => Math.floor(Date.now() / 1000);

describe('a sign-in that begins', () => {
  it('leads to the provider with a state, a nonce and a challenge, and asks for no more than who it is', async () => {
    const { url, checks } = await new ScriptedProvider().connect().begin();
    expect(`${url.origin}${url.pathname}`).toBe(`${ISSUER}/authorize`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'rivulet',
      response_type: 'code',
      redirect_uri: 'https://chat.example/api/session/callback',
      scope: 'openid',
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    expect(url.href).not.toContain(checks.codeVerifier);
  });

  it('asks for the address where the address decides, and for the account where it was the wrong one', async () => {
    const { url } = await new ScriptedProvider().connect({ invited: ['@members.example'] }).begin({ asksWhich: true });
    expect(url.searchParams.get('scope')).toBe('openid email');
    expect(url.searchParams.get('prompt')).toBe('select_account');
  });

  it('is another one each time', async () => {
    const provider = new ScriptedProvider().connect();
    const [one, two] = [await provider.begin(), await provider.begin()];
    for (const name of ['state', 'nonce', 'codeVerifier'] as const) {
      expect(one.checks[name]).not.toBe(two.checks[name]);
    }
  });

  it('asks a provider once what it is, and again where that has failed', async () => {
    const scripted = new ScriptedProvider();
    const provider = scripted.connect();
    scripted.isDown = true;
    await expect(provider.begin()).rejects.toThrow();
    scripted.isDown = false;
    await Promise.all([provider.begin(), provider.begin()]);
    await provider.begin();
    expect(scripted.asked.map(({ path }) => path)).toEqual(Array(2).fill('/.well-known/openid-configuration'));
  });

  it.each([
    ['is another one', { issuer: 'https://evil.example' }],
    ['says more than a provider has to say', { padding: 'x'.repeat(1_000_000) }],
    ['would be spoken to without encryption', { authorization_endpoint: 'http://id.example/authorize' }],
  ])('goes to no provider that %s', async (_what, metadata) => {
    const scripted = new ScriptedProvider();
    scripted.metadata = { ...scripted.metadata, ...metadata };
    await expect(scripted.connect().begin()).rejects.toThrow();
  });
});

describe('a sign-in that ends', () => {
  it('says who it is, and has shown the provider who asks', async () => {
    const scripted = new ScriptedProvider();
    const provider = scripted.connect();
    const { query, checks } = await scripted.visit(provider);
    expect(await provider.finish(query, checks)).toEqual({
      issuer: ISSUER,
      subject: 'ada',
      email: undefined,
      isEmailVerified: false,
    });
    const { body } = scripted.asked.find(({ path }) => path === '/token') ?? expect.fail('no code was exchanged');
    expect(body.get('code_verifier')).toBe(checks.codeVerifier);
    expect(body.get('redirect_uri')).toBe('https://chat.example/api/session/callback');
  });

  it.each([
    ['in the ID token', { email: 'ada@members.example', email_verified: true }, {}],
    ['when it is asked once more', {}, { email: 'ada@members.example', email_verified: true, sub: 'ada' }],
  ])('has the address that the provider tells %s', async (_where, claims, userInfo) => {
    const scripted = new ScriptedProvider();
    Object.assign(scripted, { claims, userInfo });
    const provider = scripted.connect({ invited: ['@members.example'] });
    const { query, checks } = await scripted.visit(provider);
    const identity = await provider.finish(query, checks);
    expect(identity).toMatchObject({ email: 'ada@members.example', isEmailVerified: true });
  });

  it.each([
    ['a word for yes', 'true'],
    ['a number', 1],
    ['nothing', undefined],
  ])('has no verified address where the provider says %s', async (_what, email_verified) => {
    const scripted = new ScriptedProvider();
    scripted.claims = { email: 'ada@members.example', email_verified };
    const provider = scripted.connect({ invited: ['@members.example'] });
    const { query, checks } = await scripted.visit(provider);
    expect((await provider.finish(query, checks)).isEmailVerified).toBe(false);
  });

  it.each<[string, Partial<ScriptedProvider>]>([
    ['another nonce', { claims: { nonce: 'another' } }],
    ['no nonce', { claims: { nonce: undefined } }],
    ['another audience', { claims: { aud: 'another-client' } }],
    ['more audiences than this chat', { claims: { aud: ['rivulet', 'another-client'] } }],
    ['another issuer', { claims: { iss: 'https://evil.example' } }],
    ['no subject', { claims: { sub: undefined } }],
    ['an end that is past', { claims: { exp: nowSeconds() - 11 } }],
    ['a beginning that is to come', { claims: { nbf: nowSeconds() + 60 } }],
    ['no signature', { signature: 'none' }],
    ['the signature of another', { signature: 'of another' }],
  ])('is refused where its ID token has %s', async (_what, change) => {
    const scripted = Object.assign(new ScriptedProvider(), change);
    const provider = scripted.connect();
    const { query, checks } = await scripted.visit(provider);
    await expect(provider.finish(query, checks)).rejects.toThrow();
  });

  it('is refused where the address is of another person than the ID token', async () => {
    const scripted = new ScriptedProvider();
    scripted.userInfo = { sub: 'eve', email: 'eve@members.example', email_verified: true };
    const provider = scripted.connect({ invited: ['@members.example'] });
    const { query, checks } = await scripted.visit(provider);
    await expect(provider.finish(query, checks)).rejects.toThrow();
  });

  it.each<[string, (query: string) => string]>([
    ['another state', (query) => query.replace(/state=.*/, 'state=another')],
    ['no state', (query) => query.replace(/&state=.*/, '')],
    ['two states', (query) => `${query}&state=another`],
    ['no code', (query) => query.replace(/code=[^&]*&/, '')],
    ['the word of another issuer', (query) => `${query}&iss=https%3A%2F%2Fevil.example`],
    ['a refusal', (query) => query.replace(/code=[^&]*/, 'error=access_denied')],
  ])('is refused where it comes back with %s, and no code is exchanged', async (_what, change) => {
    const scripted = new ScriptedProvider();
    const provider = scripted.connect();
    const { query, checks } = await scripted.visit(provider);
    await expect(provider.finish(change(query), checks)).rejects.toThrow();
    expect(scripted.asked.map(({ path }) => path)).not.toContain('/token');
  });

  it('is refused the second time', async () => {
    const scripted = new ScriptedProvider();
    const provider = scripted.connect();
    const { query, checks } = await scripted.visit(provider);
    await provider.finish(query, checks);
    await expect(provider.finish(query, checks)).rejects.toThrow();
  });
});
