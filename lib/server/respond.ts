import 'server-only';
import { randomUUID } from 'node:crypto';
import { ChatError, type ErrorCode, toChatError } from '@/lib/protocol/chat-error';
import { findRefusal, isClosed } from './admission';
import { type Caller, callerOf, identifyCaller } from './caller';
import { addressOf } from './client-address';
import { errorResponse } from './json-response';
import { describeCause, getLogger } from './log';
import { requireSameOrigin } from './same-origin';
import { findSession } from './session';

/** A request that is being answered. `receivedAt` is monotonic, in milliseconds. */
export type Exchange = {
  readonly request: Request;
  readonly requestId: string;
  readonly receivedAt: number;
  readonly caller: Caller;
  /** Of the client: what sign-ins count against, and what the log has. */
  readonly address: string;
  /** Whom limits count against: the person, or where it is not known the address. */
  readonly account: string;
  /** Headers of the response, whichever it will be, unless it has them itself. */
  readonly headers: Headers;
};

type Answer = (exchange: Exchange) => Promise<Response>;

/** What is different between requests of scripts and visits of people. */
type Manner = {
  /** Throws where the request is not answered. */
  readonly admit: (request: Request) => Promise<void>;
  /** What whatever is no `ChatError` is told as. */
  readonly unknown: ErrorCode;
  readonly answerFailure: (failure: ChatError, requestId: string) => Response;
};

const API = {
  unknown: 'internal',
  answerFailure: (failure, requestId) => errorResponse(failure.toWire(requestId)),
} satisfies Partial<Manner>;

/**
 * Answers a request of our API for those who may use it: what goes wrong becomes a JSON error with its status. Who begins a
 * reply without a name gets one. Never rejects.
 */
export function respond(request: Request, answer: Answer): Promise<Response> {
  const admit = async () => {
    const refusal = await findRefusal(request.headers);
    if (refusal) throw new ChatError(refusal);
    requireSameOrigin(request);
  };
  return answerSafely(request, answer, { ...API, admit });
}

/** The same for those who have not signed in, too. */
export function respondToAnyone(request: Request, answer: Answer): Promise<Response> {
  const admit = async () => {
    requireOpen(request);
    requireSameOrigin(request);
  };
  return answerSafely(request, answer, { ...API, admit });
}

/**
 * Answers a person who follows a link, of another site too, and may not have signed in: what goes wrong leads to a page of
 * ours, which tells it. Never rejects.
 */
export function respondToVisit(request: Request, page: string, answer: Answer): Promise<Response> {
  return answerSafely(request, answer, {
    admit: async () => requireOpen(request),
    unknown: 'sign_in_failed',
    answerFailure: ({ code }) => redirectTo(`${page}?problem=${code}`, 303),
  });
}

/** Leads a browser elsewhere. */
export function redirectTo(url: string, status: 302 | 303): Response {
  return new Response(null, { status, headers: { Location: url } });
}

function requireOpen({ headers }: Request): void {
  if (isClosed(headers)) throw new ChatError('access_closed');
}

async function answerSafely(request: Request, answer: Answer, manner: Manner): Promise<Response> {
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
    await manner.admit(request);
    const subject = (await findSession(request.headers))?.subject ?? null;
    const caller = subject === null ? identifyCaller(request) : callerOf(subject);
    if (request.method === 'POST' && caller.cookie) headers.append('Set-Cookie', caller.cookie);
    const account = subject ?? address;
    return respondWith(await answer({ request, requestId, receivedAt, caller, address, account, headers }));
  } catch (error) {
    const failure = toChatError(error, manner.unknown);
    // What has not been read of a body is not waited for.
    if (request.body) headers.set('Connection', 'close');
    logFailure(failure, { requestId, address });
    return respondWith(manner.answerFailure(failure, requestId));
  }
}

/** What an operator looks for when somebody is kept out, or should be. */
const REFUSALS: readonly string[] = [
  'access_closed',
  'not_signed_in',
  'wrong_password',
  'sign_in_failed',
  'not_invited',
  'too_many_attempts',
  'cross_origin',
  'too_many_requests',
  'too_many_replies',
  'budget_exhausted',
];

function logFailure({ code, cause }: ChatError, names: { readonly requestId: string; readonly address: string }): void {
  if (code === 'internal' || code === 'limits_unavailable') {
    getLogger().error({ ...names, err: cause }, 'request failed');
  } else if (REFUSALS.includes(code)) {
    getLogger().warn({ ...names, errorCode: code, cause: describeCause(cause) }, 'refused');
  }
}
