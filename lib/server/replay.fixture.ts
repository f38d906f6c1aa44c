import 'server-only';
import { isTerminal, type ReplyEvent, type TerminalEvent } from '@/lib/protocol/reply-event';
import { connectClaude } from './claude';
import type { ReplyLogLine } from './log';
import { modelOf } from './models';
import { produceReply } from './produce-reply';
import type { Ending, Outcome } from './recording.fixture';

const ACCESS = { apiKey: 'test-key', authToken: undefined, baseUrl: undefined };
const ORDER = {
  replyId: 'reply-1',
  requestId: 'request-1',
  receivedAt: 0,
  resumable: true,
  simulated: false,
  call: {
    model: modelOf('claude-sonnet-5-5'),
    system: [],
    messages: [{ role: 'user' as const, content: 'Hi' }],
    thinking: undefined,
    effort: undefined,
    maxTokens: 1000,
  },
};

/** Nothing here is waited for but silence itself: bytes are there when they are asked for, before any timer is due. */
const PATIENT = { firstByteMs: 60_000, stallMs: 60_000, outputMs: 60_000, replyMs: 60_000 };
const IMPATIENT = { ...PATIENT, firstByteMs: 1, stallMs: 1 };

/** Later than any retry may begin. */
const NOW_MS = 60_000;

/**
 * The events of a reply for which Claude sends these pieces, through everything that a reply goes through on the server.
 * They are the same each time. Only tests replay.
 */
export function eventsOf(
  pieces: readonly Uint8Array[],
  ending: Ending,
  onEnd: (line: ReplyLogLine) => void = () => {},
): AsyncGenerator<ReplyEvent, void> {
  const ask = connectClaude(ACCESS, async (_input, init) => new Response(bodyOf(pieces, ending, init?.signal)));
  const limits = ending === 'goes silent' ? IMPATIENT : PATIENT;
  return produceReply(ORDER, new AbortController(), { ask, limits, onEnd, now: () => NOW_MS });
}

/**
 * Reads the reply for which Claude sends these pieces, and tells what became of it. Throws where it does not begin, end and
 * show its text as every reply has to.
 */
export async function replay(pieces: readonly Uint8Array[], ending: Ending): Promise<Outcome> {
  const lines: ReplyLogLine[] = [];
  const events: ReplyEvent[] = [];
  for await (const event of eventsOf(pieces, ending, (line) => lines.push(line))) events.push(event);
  const [line, ...moreLines] = lines;
  if (!line || moreLines.length > 0) throw new Error(`${lines.length} log lines`);
  return outcomeOf(events, line);
}

/** A response that breaks when it is aborted, as that of a real fetch does. */
function bodyOf(pieces: readonly Uint8Array[], ending: Ending, signal?: AbortSignal | null) {
  const waiting = pieces.filter(({ length }) => length > 0);
  const source: UnderlyingDefaultSource<Uint8Array> = {
    start(controller) {
      signal?.addEventListener('abort', () => controller.error(signal.reason));
    },
    pull(controller) {
      const piece = waiting.shift();
      if (piece) controller.enqueue(piece);
      else if (ending === 'closes') controller.close();
      else if (ending === 'breaks') controller.error(new Error('read ECONNRESET'));
    },
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

function outcomeOf(events: readonly ReplyEvent[], { anomaly }: ReplyLogLine): Outcome {
  const [end, ...moreEnds] = events.filter(isTerminal);
  if (events[0]?.type !== 'reply-start' || !end || end !== events.at(-1) || moreEnds.length > 0) {
    throw new Error(`not the events of a reply: ${events.map(({ type }) => type)}`);
  }
  const shown = (type: 'thinking-delta' | 'text-delta') =>
    events.map((event) => (event.type === type ? requireCharacters(event.text) : '')).join('');
  return { thinking: shown('thinking-delta'), text: shown('text-delta'), ...endOf(end), anomaly };
}

function endOf(end: TerminalEvent): Pick<Outcome, 'end' | 'usage'> {
  if (end.type === 'reply-end') return { end: end.stopReason, usage: end.usage };
  return { end: end.type === 'reply-error' ? end.error.code : end.type, usage: undefined };
}

/** Each event on its own: halves of a character may not be left to whoever puts them together. */
function requireCharacters(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new Error(`half a character in ${JSON.stringify(text)}`);
  return text;
}
