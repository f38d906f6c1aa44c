import 'server-only';
import { ChatError } from '@/lib/protocol/chat-error';
import type { Caller } from './caller';
import { isReplyId } from './chat-request';
import { eventStreamResponse, streamReply } from './event-stream';
import { getReplies, type ReplyKey } from './replies';
import { respond } from './respond';

/**
 * Answers `GET /api/chat/{replyId}`: the events behind the number in `Last-Event-ID`, or in `?after=`. To anybody but its
 * caller a reply does not exist. Never rejects.
 */
export function resumeReply(request: Request, replyId: string): Promise<Response> {
  return respond(request, async ({ caller }) => {
    const reply = getReplies().find(keyOf(caller, replyId));
    if (!reply) throw new ChatError('reply_not_found');
    const after = parseSeq(request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('after'));
    if (after > reply.log.lastSeq) throw new ChatError('invalid_request', { detail: 'No event has this number yet.' });
    return eventStreamResponse(streamReply(reply, { after, signal: request.signal, canReturn: true }));
  });
}

/**
 * Answers `DELETE /api/chat/{replyId}` when the reply costs nothing any more, whichever way it ended. Can be repeated. With
 * `?early`, for a reply that may still be on its way: where there is none, one that comes is not begun. Never rejects.
 */
export function stopReply(request: Request, replyId: string): Promise<Response> {
  return respond(request, async ({ caller }) => {
    const key = keyOf(caller, replyId);
    if (await getReplies().stop(key)) return Response.json({ stopped: true });
    if (!new URL(request.url).searchParams.has('early')) throw new ChatError('reply_not_found');
    getReplies().stopEarly(key);
    return new Response(null, { status: 204 });
  });
}

/** A name that no reply can have is not looked for: those that are stopped before their time are remembered. */
function keyOf({ id }: Caller, replyId: string): ReplyKey {
  if (!isReplyId(replyId)) throw new ChatError('invalid_request', { detail: 'No reply can have this name.' });
  return { callerId: id, replyId };
}

/** Without a number a reply is read from its beginning. */
function parseSeq(text: string | null): number {
  if (text === null) return 0;
  if (!/^\d{1,9}$/.test(text)) throw new ChatError('invalid_request', { detail: 'Last-Event-ID must be a number.' });
  return Number(text);
}
