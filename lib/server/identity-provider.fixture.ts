import 'server-only';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CustomFetch } from 'openid-client';
import { IdentityProvider, type SignInChecks } from './identity-provider';
import type { ProviderSettings } from './provider-settings';

export const ISSUER = 'https://id.example';

export const SETTINGS: ProviderSettings = {
  issuer: ISSUER,
  clientId: 'rivulet',
  clientSecret: 'a-secret-of-the-provider',
  invited: null,
  publicUrl: 'https://chat.example',
};

const keys = await generateKeyPair('RS256');
const otherKeys = await generateKeyPair('RS256');

/** For the tests of this room: a provider over no network. What it says can be changed. */
export class ScriptedProvider {
  /** Of all requests, in their order. */
  readonly asked: { readonly path: string; readonly body: URLSearchParams }[] = [];
  metadata: Record<string, unknown> = {
    issuer: ISSUER,
    authorization_endpoint: `${ISSUER}/authorize`,
    token_endpoint: `${ISSUER}/token`,
    jwks_uri: `${ISSUER}/jwks`,
    userinfo_endpoint: `${ISSUER}/userinfo`,
    id_token_signing_alg_values_supported: ['RS256', 'none'],
  };
  /** Beside those that an ID token has to have, or instead of them. */
  claims: Record<string, unknown> = {};
  userInfo: Record<string, unknown> = {};
  signature: 'own' | 'of another' | 'none' = 'own';
  /** A code is good for one time. */
  isCodeUsed = false;
  isDown = false;

  /** What a browser that was led there brings back, and what the server remembers of it. */
  async visit(provider: IdentityProvider): Promise<{ readonly query: string; readonly checks: SignInChecks }> {
    const { url, checks } = await provider.begin();
    return { query: this.comeBack(url), checks };
  }

  /** The query with which it leads back somebody who came by this address. */
  comeBack(url: URL): string {
    this.isCodeUsed = false;
    this.claims = { nonce: url.searchParams.get('nonce'), ...this.claims };
    return `?code=a-code&state=${url.searchParams.get('state')}`;
  }

  connect(settings: Partial<ProviderSettings> = {}): IdentityProvider {
    return new IdentityProvider({ ...SETTINGS, ...settings }, this.#fetch);
  }

  readonly #fetch: CustomFetch = async (address, { body }) => {
    const path = new URL(address).pathname;
    this.asked.push({ path, body: new URLSearchParams(body as URLSearchParams) });
    if (this.isDown) throw new TypeError('fetch failed');
    if (path === '/.well-known/openid-configuration') return Response.json(this.metadata);
    if (path === '/jwks') return Response.json({ keys: [await exportJWK(keys.publicKey)] });
    if (path === '/userinfo') return Response.json(this.userInfo);
    if (this.isCodeUsed) return Response.json({ error: 'invalid_grant' }, { status: 400 });
    this.isCodeUsed = true;
    return Response.json({
      access_token: 'an-access-token',
      token_type: 'Bearer',
      id_token: await this.#makeIdToken(),
    });
  };

  #makeIdToken(): Promise<string> | string {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const standard = { iss: ISSUER, sub: 'ada', aud: 'rivulet', iat: nowSeconds, exp: nowSeconds + 60 };
    const claims = Object.fromEntries(
      Object.entries({ ...standard, ...this.claims }).filter(([, value]) => value !== undefined),
    );
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    if (this.signature === 'none') return `${encode({ alg: 'none' })}.${encode(claims)}.`;
    const { privateKey } = this.signature === 'own' ? keys : otherKeys;
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
  }
}
