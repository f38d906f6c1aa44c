import 'server-only';
import { beginReply } from './begin-reply';
import { parseChatRequest } from './chat-request';
import { findEarlyFailure } from './early-failure';
import { eventStreamResponse, streamReply } from './event-stream';
import { readJsonBody } from './json-body';
import { errorResponse } from './json-response';
import { getReplies } from './replies';
import { respond } from './respond';
import { readWholeReply } from './whole-reply';

/**
 * How long the response is held back for a failure that comes at once: that one is told as an HTTP status. Nobody is kept
 * waiting, for the first word is never held back, and proxies are more patient than this by far.
 */
const HOLD_BACK_MS = 250;

/** Answers `POST /api/chat`: as a stream, or whole where the client accepts only JSON. Never rejects. */
export function answerChat(request: Request): Promise<Response> {
  return respond(request, async (exchange) => {
    const asked = parseChatRequest(await readJsonBody(request));
    const { key, reply, isResumable } = await beginReply(asked, exchange);
    const { signal } = request;
    /** Nothing of it was shown, so the same name can be tried again. */
    const forget = async () => {
      await reply.done;
      getReplies().forget(key);
    };
    if (wantsWhole(request)) {
      const whole = await readWholeReply(reply, signal, isResumable && asked.replyId !== undefined).catch(
        async (error: unknown) => {
          await forget();
          throw error;
        },
      );
      return whole ? Response.json(whole) : toNobody();
    }
    // Made now, and not only when it is read: the platform reads none for a reader who has left meanwhile.
    const stream = streamReply(reply, { after: 0, signal, canReturn: isResumable });
    const failure = await findEarlyFailure(reply, HOLD_BACK_MS, signal);
    if (failure) {
      // It is broken off already where a newer reader took its place.
      await stream.cancel().catch(() => undefined);
      await forget();
      return errorResponse(failure);
    }
    return signal.aborted ? toNobody() : eventStreamResponse(stream);
  });
}

/** Seen by nobody but the access log of a proxy (nginx's 499). */
const toNobody = () => new Response(null, { status: 499 });

function wantsWhole(request: Request): boolean {
  const accept = request.headers.get('accept') ?? '';
  return accept.includes('application/json') && !accept.includes('text/event-stream');
}
