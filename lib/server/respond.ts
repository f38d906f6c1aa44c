import 'server-only';
import { randomUUID } from 'node:crypto';
import { ChatError, toChatError } from '@/lib/protocol/chat-error';
import { findRefusal, isClosed, type Refusal } from './admission';
import { type Caller, identifyCaller } from './caller';
import { addressOf } from './client-address';
import { errorResponse } from './json-response';
import { getLogger } from './log';
import { requireSameOrigin } from './same-origin';

/** A request that is being answered. `receivedAt` is monotonic, in milliseconds. */
export type Exchange = {
  readonly request: Request;
  readonly requestId: string;
  readonly receivedAt: number;
  readonly caller: Caller;
  /** Whom limits are counted against: the address of the client. */
  readonly address: string;
  /** Headers of the response, whichever it will be, unless it has them itself. */
  readonly headers: Headers;
};

type Answer = (exchange: Exchange) => Promise<Response>;

/**
 * Answers a request of our API for those who may use it: what goes wrong becomes a JSON error with its status. Who begins a
 * reply without a name gets one. Never rejects.
 */
export function respond(request: Request, answer: Answer): Promise<Response> {
  return answerSafely(request, answer, findRefusal);
}

/** The same for those who have not signed in, too. */
export function respondToAnyone(request: Request, answer: Answer): Promise<Response> {
  return answerSafely(request, answer, async (headers) => (isClosed(headers) ? 'access_closed' : null));
}

async function answerSafely(
  request: Request,
  answer: Answer,
  refuse: (headers: Headers) => Promise<Refusal | null>,
): Promise<Response> {
  const receivedAt = performance.now();
  const requestId = randomUUID();
  const headers = new Headers({
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': requestId,
  });
  const address = addressOf(request.headers);
  const respondWith = (response: Response) => {
    for (const [name, value] of headers) {
      // What the answer says itself holds; of cookies there can be several.
      if (name === 'set-cookie' || !response.headers.has(name)) response.headers.append(name, value);
    }
    return response;
  };
  try {
    const refusal = await refuse(request.headers);
    if (refusal) throw new ChatError(refusal);
    requireSameOrigin(request);
    const caller = identifyCaller(request);
    if (request.method === 'POST' && caller.cookie) headers.append('Set-Cookie', caller.cookie);
    return respondWith(await answer({ request, requestId, receivedAt, caller, address, headers }));
  } catch (error) {
    const failure = toChatError(error, 'internal');
    logFailure(failure, { requestId, address });
    return respondWith(errorResponse(failure.toWire(requestId)));
  }
}

/** What an operator looks for when somebody is kept out, or should be. */
const REFUSALS: readonly string[] = [
  'access_closed',
  'not_signed_in',
  'wrong_password',
  'too_many_attempts',
  'cross_origin',
  'too_many_requests',
  'too_many_replies',
  'budget_exhausted',
];

function logFailure({ code, cause }: ChatError, names: { readonly requestId: string; readonly address: string }): void {
  if (code === 'internal' || code === 'limits_unavailable') {
    getLogger().error({ ...names, err: cause }, 'request failed');
  } else if (REFUSALS.includes(code)) getLogger().warn({ ...names, errorCode: code }, 'refused');
}
