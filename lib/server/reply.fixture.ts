import 'server-only';
import { ChatError } from '@/lib/protocol/chat-error';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import type { AskClaude, ClaudeEvent } from './claude';
import { CALL } from './claude.fixture';
import type { ReplyLogLine } from './log';
import { produceReply } from './produce-reply';

// For the tests of this room: replies of a Claude that plays what it is given.

export const USAGE = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };
export const END = { type: 'end', stopReason: 'end_turn', usage: USAGE } as const satisfies ClaudeEvent;
export const text = (words: string): ClaudeEvent => ({ type: 'text-delta', text: words });
export const overloaded = (retryAfterSeconds?: number) => new ChatError('overloaded', { retryAfterSeconds });

const ORDER = {
  replyId: 'reply-1',
  requestId: 'request-1',
  receivedAt: 0,
  resumable: true,
  simulated: false,
  call: { ...CALL, messages: [{ role: 'user' as const, content: 'the secret question' }] },
};

/** Something that arrives from Claude: an event, or bytes that hold none. */
export type Arrival = ClaudeEvent | 'bytes';

/** One try: what arrives, and what then goes wrong, if anything. */
export type Try = { readonly arrivals: readonly Arrival[]; readonly failure?: unknown };

async function* arrive(arrivals: readonly Arrival[], onBytes = () => {}): AsyncGenerator<ClaudeEvent, void> {
  for (const arrival of arrivals) {
    if (arrival === 'bytes' || arrival.type !== 'accepted') onBytes();
    if (arrival !== 'bytes') yield arrival;
  }
}

/** A Claude that plays one try after another, the last one for ever. */
export function playing(...tries: readonly [Try, ...Try[]]): AskClaude {
  let count = 0;
  return async function* (_call, _signal, onBytes) {
    const { arrivals, failure } = tries[Math.min(count, tries.length - 1)] ?? tries[0];
    count += 1;
    yield* arrive(arrivals, onBytes);
    if (failure !== undefined) throw failure;
  };
}

/** A Claude that goes silent after this, until the signal aborts. */
export function silentAfter(...arrivals: readonly Arrival[]): AskClaude {
  return async function* (_call, signal, onBytes) {
    yield* arrive(arrivals, onBytes);
    signal.throwIfAborted();
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  };
}

/** A reply in a world whose clock moves only while somebody waits for Claude. */
export function reply(ask: AskClaude, duringWait = async () => {}) {
  const stop = new AbortController();
  let clockMs = 0;
  const lines: ReplyLogLine[] = [];
  const waitsMs: number[] = [];
  const events = produceReply(ORDER, stop, {
    ask,
    limits: { firstByteMs: 60_000, stallMs: 30_000, outputMs: 300_000, replyMs: 900_000 },
    onEnd: (line) => lines.push(line),
    now: () => clockMs,
    sleep: async (ms, signal) => {
      waitsMs.push(ms);
      clockMs += ms;
      await duringWait();
      // As the timers of Node do it: the reason of the signal is not what they reject with.
      if (signal.aborted) throw new DOMException('The operation was aborted', 'AbortError');
    },
    random: () => 0,
  });
  return { events, stop, lines, waitsMs, passMs: (ms: number) => (clockMs += ms) };
}

/** All events of a reply. Each is told of before the next one is taken. */
export async function collect(
  events: AsyncIterable<ReplyEvent>,
  onEvent = (_event: ReplyEvent) => {},
): Promise<ReplyEvent[]> {
  const all: ReplyEvent[] = [];
  for await (const event of events) {
    all.push(event);
    onEvent(event);
  }
  return all;
}

export const typesOf = (events: readonly ReplyEvent[]) => events.map((event) => event.type);
