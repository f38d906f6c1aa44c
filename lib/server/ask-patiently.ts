import 'server-only';
import { type ChatError, type ErrorCode, toChatError } from '@/lib/protocol/chat-error';
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
 * Whether to ask Claude again after a failure before the first word, and when: after what `Retry-After` says, else after
 * doubling waits whose second half is random. Null where waiting cannot help or would go over the budget.
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
): WaitingEvent | null {
  const reason = WORTH_WAITING.find((code) => code === error.code);
  if (!reason) return null;
  const longestMs = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
  const retryInMs =
    error.retryAfterSeconds === undefined
      ? Math.round(longestMs * (0.5 + random() / 2))
      : Math.max(error.retryAfterSeconds * 1000, SHORTEST_WAIT_MS);
  if (spentMs + retryInMs > BUDGET_MS) return null;
  return { type: 'reply-waiting', reason, retryInMs };
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
      watchdog.expect('first-byte');
      for await (const event of ask(call, signal)) {
        watchdog.rest();
        hasAnswered ||= event.type === 'thinking-delta' || event.type === 'text-delta';
        yield event;
        // Headers are no sign that Claude has begun: some servers send them before they read the prompt.
        watchdog.expect(event.type === 'accepted' ? 'first-byte' : 'next-byte');
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      const plan = hasAnswered ? null : planRetry(toChatError(error, 'internal'), attempt, elapsedMs(), random);
      if (!plan) throw error;
      watchdog.rest();
      yield plan;
      await sleep(plan.retryInMs, signal);
    }
  }
}
