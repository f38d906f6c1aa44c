import { readTitle } from '@/lib/chat/title-request';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import { type AskWholeOptions, createAskWhole } from './ask-whole';

/** Asks for a title. Null where none came: one is a pleasure, and its absence no error. Never rejects. */
export type WriteTitle = (request: ChatRequest) => Promise<string | null>;

type WriteTitleOptions = AskWholeOptions & {
  /** A signal that aborts after some milliseconds. */
  readonly signalAfter?: (ms: number) => AbortSignal;
};

/** Later, nobody wants the name of the chat to change any more. The server ends a reply whose reader has left. */
const TITLE_MS = 15_000;

export function createWriteTitle({
  signalAfter = (ms) => AbortSignal.timeout(ms),
  ...options
}: WriteTitleOptions = {}): WriteTitle {
  const ask = createAskWhole(options);
  return async (request) => {
    try {
      return readTitle(await ask(request, signalAfter(TITLE_MS)));
    } catch {
      return null;
    }
  };
}
