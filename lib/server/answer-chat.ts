import 'server-only';
import { randomBytes, randomUUID } from 'node:crypto';
import { ChatError, toChatError } from '@/lib/protocol/chat-error';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import { parseChatRequest } from './chat-request';
import { type AskClaude, type ClaudeCall, connectClaude } from './claude';
import { type Config, getConfig } from './config';
import { createDemoFetch } from './demo-fetch';
import { EVENT_STREAM_HEADERS, streamEvents } from './event-stream';
import { readJsonBody } from './json-body';
import { getLogger, logReply } from './log';
import { produceReply } from './produce-reply';
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
    const events = produceReply(order, stop, { ask: getClaude(config), limits: config.limits, log: logReply });
    if (wantsWhole(request)) return Response.json(await collectReply(events), { headers: jsonHeaders(requestId) });
    return new Response(streamEvents(events, stop), {
      headers: { ...EVENT_STREAM_HEADERS, 'X-Request-Id': requestId },
    });
  } catch (error) {
    return errorResponse(toChatError(error, 'internal'), requestId);
  }
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

/** A failure before the first byte, as JSON with the status of its code. */
function errorResponse(error: ChatError, requestId: string): Response {
  const { retryable: _, ...body } = error.toWire(requestId);
  if (error.code === 'internal') getLogger().error({ requestId, err: error.cause }, 'request failed');
  const retryAfter = error.retryAfterSeconds !== undefined && { 'Retry-After': String(error.retryAfterSeconds) };
  return Response.json(
    { error: body },
    { status: error.status || 500, headers: { ...jsonHeaders(requestId), ...retryAfter } },
  );
}

function jsonHeaders(requestId: string) {
  return { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', 'X-Request-Id': requestId };
}
