import type { Message } from '@/lib/chat/chat-state';
import { draftOfSummary, readSummary, summaryRequest } from '@/lib/chat/summary-request';
import { toChatError } from '@/lib/protocol/chat-error';
import type { ModelInfo } from '@/lib/protocol/models';
import { type AskWholeOptions, createAskWhole } from './ask-whole';

/** A conversation that is to go on in a new chat. */
export type ToSumUp = {
  readonly messages: readonly Message[];
  readonly title: string | undefined;
  /** The one that sums it up. */
  readonly model: Pick<ModelInfo, 'id' | 'contextTokens'>;
};

/** What a new chat begins with, or a sentence that says why there is none. */
export type SummaryOutcome = { readonly draft: string } | { readonly problem: string };

/** Has a conversation summed up. Null where the signal has aborted. Never rejects. */
export type Summarize = (conversation: ToSumUp, signal: AbortSignal) => Promise<SummaryOutcome | null>;

type SummarizeOptions = AskWholeOptions & {
  /** A signal that aborts after some milliseconds. */
  readonly signalAfter?: (ms: number) => AbortSignal;
};

/** Half a million tokens are read in about half a minute, and 500 words written in as long. */
const SUMMARY_MS = 120_000;

export function createSummarize({
  signalAfter = (ms) => AbortSignal.timeout(ms),
  ...options
}: SummarizeOptions = {}): Summarize {
  const ask = createAskWhole(options);
  return async ({ messages, title, model }, signal) => {
    const limit = signalAfter(SUMMARY_MS);
    const { request, isPartial } = summaryRequest(messages, model);
    try {
      const summary = readSummary(await ask(request, AbortSignal.any([signal, limit])));
      if (signal.aborted) return null;
      if (summary === null) return { problem: 'Claude did not finish it.' };
      return { draft: draftOfSummary(summary, { ...(title && { title }), isPartial }) };
    } catch (error) {
      if (signal.aborted) return null;
      return { problem: limit.aborted ? 'It took too long.' : toChatError(error, 'unexpected_response').message };
    }
  };
}
