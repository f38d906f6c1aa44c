import 'server-only';
import { ChatError } from '@/lib/protocol/chat-error';
import { getConfig } from './config';
import { accountGrounds } from './grounds';
import { findProvider, type Identity } from './identity-provider';
import { findInvitation } from './invitation';
import { getLogger } from './log';
import { findPending, forgetPending, keepPending } from './pending-sign-in';
import { redirectTo, respondToVisit } from './respond';
import { type Admission, beginSession } from './session';

/** The addresses of our pages; whatever else is asked for could lead anywhere. */
const PAGE = /^\/(chat\/[\w-]{1,128})?$/;

/**
 * Answers `GET /api/session/oidc`: leads to the provider, and remembers the page of `?to=`. With `?another` the provider asks for
 * the account. Never rejects.
 */
export function answerProviderSignIn(request: Request, provider = findProvider()): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const to = searchParams.get('to') ?? '/';
  const page = PAGE.test(to) ? to : '/';
  return respondToVisit(request, page, async ({ headers }) => {
    if (!provider) throw new ChatError('sign_in_failed', { cause: 'no provider' });
    const { url, checks } = await provider.begin({ asksWhich: searchParams.has('another') });
    headers.append('Set-Cookie', await keepPending({ ...checks, page }));
    return redirectTo(url.href, 302);
  });
}

/**
 * Answers `GET /api/session/callback`, to which the provider leads back: a session for who may come in. That the request is of
 * this browser is what its cookie shows, for it comes from another site. Never rejects.
 */
export async function answerProviderCallback(request: Request, provider = findProvider()): Promise<Response> {
  const pending = await findPending(request.headers);
  return respondToVisit(request, pending?.page ?? '/', async ({ headers, requestId, address }) => {
    headers.append('Set-Cookie', forgetPending());
    if (!provider || !pending) throw new ChatError('sign_in_failed', { cause: 'not begun in this browser' });
    const identity = await provider.finish(new URL(request.url).search, pending);
    headers.append('Set-Cookie', await beginSession(admit(identity)));
    getLogger().info({ requestId, address }, 'signed in');
    return redirectTo(pending.page, 303);
  });
}

/** Throws `not_invited`. */
function admit({ issuer, subject, ...address }: Identity): Admission {
  const { provider } = getConfig();
  if (!provider) throw new ChatError('sign_in_failed', { cause: 'no provider' });
  const invitation = provider.invited && findInvitation(address, provider.invited);
  if (invitation === undefined) {
    throw new ChatError('not_invited', { cause: address.isEmailVerified ? 'another address' : 'no verified address' });
  }
  return { grounds: accountGrounds(provider.issuer, invitation), subject: `subject ${issuer} ${subject}` };
}
