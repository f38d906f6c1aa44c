import 'server-only';
import Anthropic from '@anthropic-ai/sdk';
import { Stream } from '@anthropic-ai/sdk/streaming';
import { ChatError } from '@/lib/protocol/chat-error';
import type { RequestMessage } from '@/lib/protocol/chat-request';
import type { Effort } from '@/lib/protocol/models';
import type { StopReason, Usage } from '@/lib/protocol/reply-event';
import { Answer } from './claude-answer';
import { createParams } from './claude-params';
import type { Config } from './config';
import type { Model } from './models';
import { upstreamError } from './upstream-error';
import { upstreamFetch } from './upstream-fetch';

/** One question to Claude. `maxTokens` counts thinking and text together. */
export type ClaudeCall = {
  readonly model: Model;
  readonly system: readonly string[];
  readonly messages: readonly RequestMessage[];
  readonly thinking: boolean | undefined;
  readonly effort: Effort | undefined;
  readonly maxTokens: number;
};

/** What comes back, in our words. Only `end` completes an answer; `anomaly` names what was odd about one all the same. */
export type ClaudeEvent =
  | { readonly type: 'accepted'; readonly upstreamRequestId: string | undefined }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'thinking-delta' | 'text-delta'; readonly text: string }
  | {
      readonly type: 'end';
      readonly stopReason: StopReason;
      readonly usage: Usage;
      readonly anomaly?: 'no_message_stop';
    };

/**
 * Asks once, without retries. Ends after `end`; throws `ChatError` on everything else, a connection that closed without
 * a stop reason included. Aborting the signal closes the connection at any moment and ends with the signal's reason.
 *
 * @param onBytes called for every read of the answer, also for one that holds nothing to show
 */
export type AskClaude = (
  call: ClaudeCall,
  signal: AbortSignal,
  onBytes?: () => void,
) => AsyncGenerator<ClaudeEvent, void>;

/** The SDK's limit is for the headers alone; the watchdog's are for everything. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/** From the stop reason to `message_stop`, which follows at once where nothing is wrong. */
const LAST_EVENT_MS = 2000;

/** How long the server may take to end a response that is complete; a connection that ends in time is used again. */
const LINGER_MS = 250;

/** A line or a comment without an end would be held without limit. No event of the API comes near this. */
const MAX_BYTES_PER_EVENT = 8_000_000;

/** Connects to Claude, or to whatever `fetch` stands in for it. */
export function connectClaude(access: Config['claude'], fetch = upstreamFetch): AskClaude {
  const client = new Anthropic({
    apiKey: access.apiKey ?? null,
    authToken: access.authToken ?? null,
    baseURL: access.baseUrl ?? null,
    maxRetries: 0,
    logLevel: 'off',
    timeout: NO_TIMEOUT_MS,
    fetch,
  });
  return async function* ask(call, signal, onBytes = () => {}) {
    const answer = new Answer();
    const hangUp = new AbortController();
    let patience: NodeJS.Timeout | undefined;
    let hasEnded = false;
    let bytesOfEvent = 0;
    const onRead = (bytes: Uint8Array) => {
      bytesOfEvent += bytes.length;
      if (bytesOfEvent > MAX_BYTES_PER_EVENT) {
        hangUp.abort();
        throw new ChatError('upstream_unreadable', { cause: `${bytesOfEvent} bytes without an event` });
      }
      onBytes();
    };
    try {
      const either = AbortSignal.any([signal, hangUp.signal]);
      const response = await client.messages.create(createParams(call), { signal: either }).asResponse();
      yield { type: 'accepted', upstreamRequestId: response.headers.get('request-id') ?? undefined };
      for await (const { event, data } of Stream.rawEvents(watched(response, onRead))) {
        bytesOfEvent = 0;
        // Without data it is no event (WHATWG HTML, 9.2.6).
        if (hasEnded || event === null || !data) continue;
        for (const shown of answer.read(event, data)) yield shown;
        if (answer.isOver) {
          yield answer.end();
          hasEnded = true;
          clearTimeout(patience);
          patience = setTimeout(() => hangUp.abort(), LINGER_MS);
        } else if (answer.isClosing) {
          // Pings, and whatever else comes behind the stop reason, do not prolong it.
          patience ??= setTimeout(() => hangUp.abort(), LAST_EVENT_MS);
        }
      }
      if (!hasEnded) yield answer.end();
    } catch (error) {
      if (hasEnded) return;
      const isStopped = signal.aborted && !(signal.reason instanceof ChatError);
      // Whatever breaks or stalls behind the stop reason takes nothing from the answer.
      if (answer.hasStopReason && !isStopped && !(error instanceof ChatError)) {
        yield answer.end();
        return;
      }
      signal.throwIfAborted();
      throw translateError(error);
    } finally {
      clearTimeout(patience);
    }
  };
}

/** A response whose reads are told of. What `onRead` throws ends them. */
function watched({ body }: Response, onRead: (bytes: Uint8Array) => void): Response {
  if (!body) throw new ChatError('upstream_unreadable', { cause: 'a response without a body' });
  const source = body[Symbol.asyncIterator]();
  const reads: AsyncIterableIterator<Uint8Array> = {
    next: async () => {
      const read = await source.next();
      if (!read.done) onRead(read.value);
      return read;
    },
    return: async () => (await source.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]: () => reads,
  };
  // The SDK asks no more of a response than a body it can iterate.
  return { body: reads } as unknown as Response;
}

function translateError(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  if (error instanceof Anthropic.APIConnectionError) return new ChatError('upstream_unreachable', { cause: error });
  if (!(error instanceof Anthropic.APIError)) return new ChatError('upstream_cut', { cause: error });
  const { type, status, headers, apiMessage } = error;
  return upstreamError({ type, status, message: apiMessage, retryAfter: headers?.get('retry-after'), cause: error });
}
