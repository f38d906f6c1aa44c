/**
 * An identity provider with OpenID Connect, at which everybody has an account who says their address. Its arguments are its
 * issuer and where it leads back to. It says when it is ready.
 */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider, { interactionPolicy } from 'oidc-provider';

const [issuer, redirectUri] = process.argv.slice(2);
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const server = createServer();

const policy = interactionPolicy.base();
policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }));

const PAGE = `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Provider</title>
<form><label>Address <input name="address"></label> <button>Continue</button> <a href="?declines">Decline</a></form>`;

const provider = new Provider(issuer, {
  clients: [{ client_id: 'rivulet', client_secret: 'a-secret-of-the-provider', redirect_uris: [redirectUri] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'] },
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig' }] },
  features: { devInteractions: { enabled: false } },
  interactions: { policy, url: (_context, { uid }) => `/interaction/${uid}` },
  findAccount: (_context, address) => ({
    accountId: address,
    claims: () => ({ sub: address, email: address, email_verified: !address.startsWith('unverified') }),
  }),
  loadExistingGrant: async ({ oidc }) => {
    const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope('openid email');
    await grant.save();
    return grant;
  },
});
const answer = provider.callback();
server.on('request', (request, response) => {
  const { pathname, searchParams } = new URL(request.url, issuer);
  const address = searchParams.get('address');
  if (!pathname.startsWith('/interaction/')) answer(request, response);
  else if (address)
    provider.interactionFinished(request, response, { login: { accountId: address }, select_account: {} });
  else if (searchParams.has('declines')) provider.interactionFinished(request, response, { error: 'access_denied' });
  else response.setHeader('Content-Type', 'text/html').end(PAGE);
});

const { hostname, port } = new URL(issuer);
server.listen(Number(port), hostname, () => process.stdout.write('Ready\n'));
