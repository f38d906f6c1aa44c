import { ChatError } from '@/lib/protocol/chat-error';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import type { WholeReply } from '@/lib/protocol/reply-event';
import { readWireError } from './wire-error';

/**
 * Asks Claude beside the conversation, and gives the whole reply at once. Rejects with a `ChatError`, also where the signal
 * has aborted; the server ends a reply whose reader has left.
 */
export type AskWhole = (request: ChatRequest, signal: AbortSignal) => Promise<WholeReply>;

export type AskWholeOptions = {
  readonly fetch?: typeof globalThis.fetch;
  readonly isOnline?: () => boolean;
};

export function createAskWhole({
  fetch = (...request) => globalThis.fetch(...request),
  isOnline = () => navigator.onLine,
}: AskWholeOptions = {}): AskWhole {
  return async (request, signal) => {
    const response = await fetch('/api/chat', {
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
      signal,
    }).catch((error: unknown) => {
      // Asked only now: a server on this machine answers without any network.
      throw new ChatError(isOnline() ? 'server_unreachable' : 'offline', { cause: error });
    });
    if (!response.ok) {
      const error = await readWireError(response);
      throw new ChatError(error?.code ?? 'unexpected_response', { cause: error });
    }
    const reply: unknown = await response.json().catch((error: unknown) => {
      throw new ChatError('unexpected_response', { cause: error });
    });
    if (!isWhole(reply)) throw new ChatError('unexpected_response');
    return reply;
  };
}

/** As far as it is read here: another server may answer in the place of ours. */
function isWhole(value: unknown): value is WholeReply {
  if (typeof value !== 'object' || value === null) return false;
  const { content, stopReason } = value as Partial<WholeReply>;
  return typeof stopReason === 'string' && Array.isArray(content) && content.every(isPart);
}

function isPart(part: unknown): boolean {
  return typeof part === 'object' && part !== null && typeof (part as { text?: unknown }).text === 'string';
}
