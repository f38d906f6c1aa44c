import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ChatError } from '@/lib/protocol/chat-error';
import { type ClaudeEvent, connectClaude } from './claude';
import { ACCESS, CALL } from './claude.fixture';

type Outcome = { readonly text: string; readonly thinking: string; readonly end: object };

/** A prime, so that pieces end anywhere: in a frame, in a line, in a character. */
const PIECE_BYTES = 97;

function inPieces(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + PIECE_BYTES));
      at += PIECE_BYTES;
    },
  });
}

async function answerOf(recording: Uint8Array): Promise<Outcome> {
  const ask = connectClaude(ACCESS, async () => new Response(inPieces(recording)));
  const events: ClaudeEvent[] = [];
  let failure: ChatError | undefined;
  try {
    for await (const event of ask(CALL, new AbortController().signal)) events.push(event);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    failure = error;
  }
  const joined = (type: 'text-delta' | 'thinking-delta') =>
    events.map((event) => (event.type === type ? event.text : '')).join('');
  const end = events.find((event) => event.type === 'end');
  return {
    text: joined('text-delta'),
    thinking: joined('thinking-delta'),
    end: failure ? { code: failure.code } : { stopReason: end?.stopReason, usage: end?.usage },
  };
}

type Block = { readonly type: string; readonly text?: string; readonly thinking?: string };
type RecordedUsage = Record<string, unknown> & {
  readonly output_tokens_details?: { readonly thinking_tokens: number };
};

/** Of a recorded event what an answer is made of. */
type Recorded = {
  readonly type: string;
  readonly message?: {
    readonly id?: string;
    readonly stop_reason?: string;
    readonly usage?: RecordedUsage;
    readonly content?: readonly Block[];
  };
  readonly content_block?: Block;
  readonly delta?: Block & { readonly stop_reason?: string };
  readonly usage?: RecordedUsage;
};

/** A second, plain reading of a recording, all of it at once, up to the event that completes the answer or spoils it. */
function readPlainly(recording: string): Outcome {
  const all = [...recording.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? '') as Recorded);
  const last = all.findIndex((event) => event.type === 'message_stop' || isOfAnotherMessage(event, all));
  const events = last < 0 ? all : all.slice(0, last);
  const pieces = events.flatMap((event) => [...(event.message?.content ?? []), event.content_block, event.delta]);
  const stopReason = events
    .map((event) => event.delta?.stop_reason ?? event.message?.stop_reason)
    .filter(Boolean)
    .at(-1);
  const joined = (kind: 'text' | 'thinking') =>
    pieces.map((piece) => (piece?.type === kind || piece?.type === `${kind}_delta` ? piece[kind] : '')).join('');
  return {
    text: joined('text'),
    thinking: joined('thinking'),
    end: all[last]?.type === 'message_start' ? { code: 'upstream_unreadable' } : endOf(events, stopReason),
  };
}

/** Whether a message begins that is not the first one of the recording. */
function isOfAnotherMessage({ type, message }: Recorded, all: readonly Recorded[]): boolean {
  const first = all.find((event) => event.type === 'message_start');
  return type === 'message_start' && message?.id !== first?.message?.id;
}

function endOf(events: readonly Recorded[], stopReason: string | undefined): object {
  if (events.some((event) => event.type === 'error')) return { code: 'overloaded' };
  if (!stopReason) return { code: 'upstream_cut' };
  const counts = events
    .flatMap((event) => [event.message?.usage, event.usage])
    .flatMap((usage) => Object.entries(usage ?? {}))
    .filter(([, count]) => count !== null);
  return { stopReason, usage: toUsage(Object.fromEntries(counts)) };
}

function toUsage(counts: RecordedUsage): object {
  return {
    inputTokens: counts.input_tokens ?? 0,
    outputTokens: counts.output_tokens ?? 0,
    cacheReadTokens: counts.cache_read_input_tokens ?? 0,
    cacheWriteTokens: counts.cache_creation_input_tokens ?? 0,
    thinkingTokens: counts.output_tokens_details?.thinking_tokens,
  };
}

const corpora = process.env.CORPORA_DIR;
if (!corpora) console.info('CORPORA_DIR is not set: the recorded answers of Claude are skipped.');

const folder = join(corpora ?? '', 'anthropic-sse');
const recordings = corpora ? readdirSync(folder).filter((name) => name.endsWith('.sse')) : [];

describe.runIf(corpora)('a recorded answer', () => {
  it.each(recordings)('%s is read as it was written', async (name) => {
    const recording = readFileSync(join(folder, name));
    expect(await answerOf(recording)).toEqual(readPlainly(recording.toString()));
  });

  it('is one of many', () => {
    expect(recordings.length).toBeGreaterThanOrEqual(70);
  });
});
