import 'server-only';
import { randomBytes, randomUUID } from 'node:crypto';
import { ChatError, toChatError } from '@/lib/protocol/chat-error';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import { parseChatRequest } from './chat-request';
import { type AskClaude, type ClaudeCall, connectClaude } from './claude';
import { type Config, getConfig } from './config';
import { createDemoFetch } from './demo-fetch';
import { EVENT_STREAM_HEADERS, readOn, streamEvents } from './event-stream';
import { readJsonBody } from './json-body';
import { errorResponse, jsonHeaders } from './json-response';
import { getLogger, logReply, type ReplyLogLine } from './log';
import { peekFailure, type ReplyEvents } from './peek-failure';
import { produceReply } from './produce-reply';
import { getRunningReplies } from './running-replies';
import { collectReply } from './whole-reply';

let claude: AskClaude | undefined;

function getClaude(config: Config): AskClaude {
  claude ??=
    config.mode === 'live'
      ? connectClaude(config.claude)
      : connectClaude({ ...config.claude, apiKey: 'demo' }, createDemoFetch());
  return claude;
}

/** Answers `POST /api/chat`: as a stream, or whole where the client accepts only JSON. Never rejects. */
export async function answerChat(request: Request): Promise<Response> {
  const receivedAt = performance.now();
  const requestId = randomUUID();
  const stop = new AbortController();
  // A reader that leaves before the response exists is told by this signal alone.
  request.signal.addEventListener('abort', () => stop.abort(), { once: true });
  if (request.signal.aborted) stop.abort();
  try {
    const config = getConfig();
    const asked = parseChatRequest(await readJsonBody(request));
    const order = {
      replyId: asked.replyId ?? randomBytes(16).toString('base64url'),
      requestId,
      receivedAt,
      call: callOf(asked, config),
      simulated: config.mode === 'demo',
    };
    const ask = getClaude(config);
    const leave = getRunningReplies().enter(() => stop.abort(new ChatError('restarting')));
    if (!leave) throw new ChatError('restarting');
    const onEnd = (line: ReplyLogLine) => {
      leave();
      logReply(line);
    };
    const events = produceReply(order, stop, { ask, limits: config.limits, onEnd });
    if (wantsWhole(request)) return Response.json(await collectReply(events), { headers: jsonHeaders(requestId) });
    return await streamOrFail(events, stop, requestId);
  } catch (error) {
    const failure = toChatError(error, 'internal');
    if (failure.code === 'internal') getLogger().error({ requestId, err: failure.cause }, 'request failed');
    return errorResponse(failure.toWire(requestId));
  }
}

/**
 * How long the response is held back for a failure that comes at once: that one is told as an HTTP status. Nobody is kept
 * waiting, for the first word is never held back, and proxies are more patient than this by far.
 */
const HOLD_BACK_MS = 250;

/** Seen by nobody but the access log of a proxy (nginx). */
const CLIENT_CLOSED_REQUEST = 499;

async function streamOrFail(events: ReplyEvents, stop: AbortController, requestId: string): Promise<Response> {
  const peeked = await peekFailure(events, HOLD_BACK_MS);
  if (peeked.failure) {
    await readOn(events);
    return errorResponse(peeked.failure);
  }
  if (stop.signal.aborted) {
    // The reader has left, and the platform reads no response that nobody waits for.
    await readOn(peeked.events);
    return new Response(null, { status: CLIENT_CLOSED_REQUEST });
  }
  return new Response(streamEvents(peeked.events, stop), {
    headers: { ...EVENT_STREAM_HEADERS, 'X-Request-Id': requestId },
  });
}

function callOf(asked: ChatRequest, config: Config): ClaudeCall {
  const id = asked.model ?? config.defaultModel;
  const model = config.models.find((offered) => offered.id === id);
  if (!model) throw new ChatError('model_unavailable');
  if (asked.effort && !model.efforts.includes(asked.effort)) {
    throw new ChatError('invalid_request', {
      detail: `effort: this model knows ${model.efforts.join(', ') || 'none'}.`,
    });
  }
  const maxTokens = Math.min(asked.maxTokens ?? config.maxOutputTokens, config.maxOutputTokens, model.maxOutputTokens);
  const system = [config.systemPrompt, asked.system].filter((text) => text !== undefined);
  return { model, system, messages: asked.messages, thinking: asked.thinking, effort: asked.effort, maxTokens };
}

function wantsWhole(request: Request): boolean {
  const accept = request.headers.get('accept') ?? '';
  return accept.includes('application/json') && !accept.includes('text/event-stream');
}
