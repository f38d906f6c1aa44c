import { readTitle } from '@/lib/chat/title-request';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import type { WholeReply } from '@/lib/protocol/reply-event';

/** Asks for a title. Null where none came: one is a pleasure, and its absence no error. Never rejects. */
export type WriteTitle = (request: ChatRequest) => Promise<string | null>;

type WriteTitleOptions = {
  readonly fetch?: typeof globalThis.fetch;
  /** A signal that aborts after some milliseconds. */
  readonly signalAfter?: (ms: number) => AbortSignal;
};

/** Later, nobody wants the name of the chat to change any more. The server ends a reply whose reader has left. */
const TITLE_MS = 15_000;

export function createWriteTitle({
  fetch = (...request) => globalThis.fetch(...request),
  signalAfter = (ms) => AbortSignal.timeout(ms),
}: WriteTitleOptions = {}): WriteTitle {
  return async (request) => {
    try {
      const response = await fetch('/api/chat', {
        method: 'POST',
        headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
        body: JSON.stringify(request),
        signal: signalAfter(TITLE_MS),
      });
      if (!response.ok) return null;
      const reply: unknown = await response.json();
      return isWhole(reply) ? readTitle(reply) : null;
    } catch {
      return null;
    }
  };
}

/** As far as a title needs it: another server may answer in the place of ours. */
function isWhole(value: unknown): value is WholeReply {
  if (typeof value !== 'object' || value === null) return false;
  const { content, stopReason } = value as Partial<WholeReply>;
  return typeof stopReason === 'string' && Array.isArray(content) && content.every(isPart);
}

function isPart(part: unknown): boolean {
  return typeof part === 'object' && part !== null && typeof (part as { text?: unknown }).text === 'string';
}
