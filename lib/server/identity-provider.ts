import 'server-only';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  type CustomFetch,
  calculatePKCECodeChallenge,
  clockTolerance,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { ChatError } from '@/lib/protocol/chat-error';
import { getConfig } from './config';
import { limitBody } from './limit-body';
import type { ProviderSettings } from './provider-settings';

/** Of each request to the provider: somebody looks at an empty page meanwhile. */
const TIMEOUT_SECONDS = 5;

/** How far the provider's clock may be from ours. */
const CLOCK_TOLERANCE_SECONDS = 10;

/** The platform keeps no answer. */
const askNetwork: CustomFetch = (url, options) => fetch(url, { ...(options as RequestInit), cache: 'no-store' });

/** Of one answer: many times what metadata, keys and tokens take. */
const MAX_ANSWER_BYTES = 1_000_000;

/** Where the provider sends people back to, below the address under which they open the chat. */
const CALLBACK_PATH = '/api/session/callback';

/** What the answer of a provider has to fit, whoever brings it. */
export type SignInChecks = { readonly state: string; readonly nonce: string; readonly codeVerifier: string };

/** Who somebody is, in the provider's words. */
export type Identity = {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | undefined;
  readonly isEmailVerified: boolean;
};

/**
 * An identity provider, by OpenID Connect's authorization code flow with PKCE. What it says of itself is asked for when
 * somebody first signs in, and kept; where that fails the next sign-in asks again.
 */
export class IdentityProvider {
  readonly #settings: ProviderSettings;
  readonly #fetch: CustomFetch;
  #configuration: Promise<Configuration> | null = null;

  constructor(settings: ProviderSettings, fetch: CustomFetch = askNetwork) {
    this.#settings = settings;
    this.#fetch = fetch;
  }

  /** Where to send somebody who wants to sign in, to choose an account if need be, and what to check when they come back. */
  async begin({ asksWhich = false } = {}): Promise<{ readonly url: URL; readonly checks: SignInChecks }> {
    const checks = { state: randomState(), nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier() };
    const url = buildAuthorizationUrl(await this.#discover(), {
      redirect_uri: this.#redirectUri,
      // Nothing is asked for that is not needed.
      scope: this.#settings.invited === null ? 'openid' : 'openid email',
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: 'S256',
      ...(asksWhich && { prompt: 'select_account' }),
    });
    return { url, checks };
  }

  /** Who has come back with this query. Throws where anything about it is not as it has to be. */
  async finish(query: string, { state, nonce, codeVerifier }: SignInChecks): Promise<Identity> {
    const configuration = await this.#discover();
    const tokens = await authorizationCodeGrant(configuration, new URL(`${this.#redirectUri}${query}`), {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
    });
    const claims = tokens.claims();
    if (!claims) throw new ChatError('sign_in_failed', { cause: 'no ID token' });
    // By default a provider tells the address here alone (OpenID Connect Core §5.4).
    const asksMore = this.#settings.invited !== null && claims.email === undefined;
    const { email, email_verified } =
      asksMore && configuration.serverMetadata().userinfo_endpoint
        ? await fetchUserInfo(configuration, tokens.access_token, claims.sub)
        : claims;
    return {
      issuer: claims.iss,
      subject: claims.sub,
      email: typeof email === 'string' ? email : undefined,
      isEmailVerified: email_verified === true,
    };
  }

  get #redirectUri(): string {
    return `${this.#settings.publicUrl}${CALLBACK_PATH}`;
  }

  #discover(): Promise<Configuration> {
    this.#configuration ??= this.#ask().catch((error: unknown) => {
      this.#configuration = null;
      throw error;
    });
    return this.#configuration;
  }

  #ask(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    return discovery(
      new URL(issuer),
      clientId,
      { [clockTolerance]: CLOCK_TOLERANCE_SECONDS },
      clientSecret === undefined ? None() : proveBy(clientSecret),
      {
        timeout: TIMEOUT_SECONDS,
        [customFetch]: async (url, options) => limitBody(await this.#fetch(url, options), MAX_ANSWER_BYTES),
        // The signature of an ID token too: the library relies on the connection alone.
        execute: [enableNonRepudiationChecks, ...(issuer.startsWith('http:') ? [allowInsecureRequests] : [])],
      },
    );
  }
}

/** As a provider takes it where it says nothing, unless it says that it does not (OpenID Connect Discovery §3). */
function proveBy(clientSecret: string): ClientAuth {
  const basic = ClientSecretBasic(clientSecret);
  const post = ClientSecretPost(clientSecret);
  return (server, ...request) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (methods.includes('client_secret_basic') ? basic : post)(server, ...request);
  };
}

/** One for all routes, which are bundles of their own. */
const shared = globalThis as typeof globalThis & { rivuletIdentityProvider?: IdentityProvider };

/** The provider of the settings; null where there is none. */
export function findProvider(): IdentityProvider | null {
  const { provider } = getConfig();
  if (provider !== null) shared.rivuletIdentityProvider ??= new IdentityProvider(provider);
  return shared.rivuletIdentityProvider ?? null;
}
