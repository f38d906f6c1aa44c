import 'server-only';
import { randomUUID } from 'node:crypto';
import { toChatError } from '@/lib/protocol/chat-error';
import { type Caller, identifyCaller } from './caller';
import { errorResponse } from './json-response';
import { getLogger } from './log';

/** A request that is being answered. `receivedAt` is monotonic, in milliseconds. */
export type Exchange = {
  readonly request: Request;
  readonly requestId: string;
  readonly receivedAt: number;
  readonly caller: Caller;
};

/**
 * Answers a request of our API: what goes wrong becomes a JSON error with its status. Who begins a reply without a name gets
 * one. Never rejects.
 */
export async function respond(request: Request, answer: (exchange: Exchange) => Promise<Response>): Promise<Response> {
  const receivedAt = performance.now();
  const requestId = randomUUID();
  let cookie: string | null = null;
  const respondWith = (response: Response) => {
    if (cookie) response.headers.append('Set-Cookie', cookie);
    return response;
  };
  try {
    const caller = identifyCaller(request);
    if (request.method === 'POST') cookie = caller.cookie;
    return respondWith(await answer({ request, requestId, receivedAt, caller }));
  } catch (error) {
    const failure = toChatError(error, 'internal');
    if (failure.code === 'internal') getLogger().error({ requestId, err: failure.cause }, 'request failed');
    return respondWith(errorResponse(failure.toWire(requestId)));
  }
}
