import 'server-only';
import { ChatError, type ErrorCode, toChatError } from '@/lib/protocol/chat-error';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import type { AskClaude, ClaudeCall, ClaudeEvent } from './claude';
import type { Watchdog } from './watchdog';

/** All waiting of one reply together, so that nobody sits in front of a spinner for minutes. */
const BUDGET_MS = 20_000;
/** Even where `Retry-After` says 0: a server that is busy is not asked in a loop. */
const SHORTEST_WAIT_MS = 500;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 8000;

type WaitingEvent = Extract<ReplyEvent, { type: 'reply-waiting' }>;

const WORTH_WAITING = [
  'rate_limited',
  'overloaded',
  'upstream_unreachable',
  'upstream_failed',
] as const satisfies ErrorCode[];

/**
 * What to do after a failure before the first word: wait and ask Claude again, or give up with the error. The wait is what
 * `Retry-After` says and a little more, for others were told the same; else it doubles, and its second half is random. A
 * wait that would go over the budget is passed on with the error, for the reader to keep.
 *
 * @param attempt how often Claude was asked, from 1
 * @param spentMs since the request arrived
 * @param random from 0 to 1
 */
export function planRetry(
  error: ChatError,
  attempt: number,
  spentMs: number,
  random: () => number,
): WaitingEvent | ChatError {
  const reason = WORTH_WAITING.find((code) => code === error.code);
  if (!reason) return error;
  const longestMs = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
  const retryInMs = Math.round(
    error.retryAfterSeconds === undefined
      ? longestMs * (0.5 + random() / 2)
      : Math.max(error.retryAfterSeconds * 1000, SHORTEST_WAIT_MS) * (1 + random() / 10),
  );
  if (spentMs + retryInMs <= BUDGET_MS) return { type: 'reply-waiting', reason, retryInMs };
  const retryAfterSeconds = error.retryAfterSeconds ?? Math.ceil(retryInMs / 1000);
  return new ChatError(reason, { retryAfterSeconds, cause: error.cause });
}

export type PatientWorld = {
  readonly ask: AskClaude;
  readonly watchdog: Watchdog;
  readonly elapsedMs: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly random: () => number;
};

/**
 * Asks Claude, and again where it is busy, telling of each wait. Once a word has arrived nothing is asked twice: the
 * reader has seen it. Throws what the last try threw, or the signal's reason.
 */
export async function* askPatiently(
  call: ClaudeCall,
  signal: AbortSignal,
  { ask, watchdog, elapsedMs, sleep, random }: PatientWorld,
): AsyncGenerator<ClaudeEvent | WaitingEvent, void> {
  let hasAnswered = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      signal.throwIfAborted();
      watchdog.expect('first-byte');
      for await (const event of ask(call, signal, watchdog.hear)) {
        // Headers are no sign that Claude has begun: some servers send them before they read the prompt.
        if (event.type !== 'accepted') watchdog.rest();
        hasAnswered ||= event.type === 'thinking-delta' || event.type === 'text-delta';
        yield event;
        if (event.type !== 'accepted') watchdog.expect('output');
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (hasAnswered) throw error;
      const plan = planRetry(toChatError(error, 'internal'), attempt, elapsedMs(), random);
      if (plan instanceof ChatError) throw plan;
      watchdog.rest();
      yield plan;
      await sleep(plan.retryInMs, signal);
    }
  }
}
