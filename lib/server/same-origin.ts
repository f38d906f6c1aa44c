import 'server-only';
import { ChatError } from '@/lib/protocol/chat-error';
import { getConfig } from './config';
import { isEncrypted } from './cookie';

/** What a browser calls a request of our own pages, or of the person: an address that was typed, a bookmark. */
const OWN_SITES = ['same-origin', 'none'];

/**
 * Only pages of this server may use its API: other sites would ask in the name of whoever looks at them. What is no browser
 * sends neither header, and is let through to the sign-in. Throws `cross_origin`.
 */
export function requireSameOrigin(request: Request, trustedProxies = getConfig().trustedProxies): void {
  const { headers } = request;
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  const isOwn =
    (site === null || OWN_SITES.includes(site)) && (origin === null || isOwnOrigin(origin, request, trustedProxies));
  if (!isOwn) throw new ChatError('cross_origin');
}

function isOwnOrigin(origin: string, request: Request, trustedProxies: number): boolean {
  const host = (trustedProxies > 0 && request.headers.get('x-forwarded-host')) || request.headers.get('host');
  // A proxy may take the encryption off without a word. That of a page that is encrypted never comes from one that is not.
  return origin === `https://${host}` || (origin === `http://${host}` && !isEncrypted(request));
}
