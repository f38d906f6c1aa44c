import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { encodeFrame } from '@/lib/demo/script';
import { expect, test } from './fixtures';
import { followReply, type Outcome } from './outcome';
import { OWN_RECORDING } from './own-recording';
import { answerOf, type Recording, readRecordings } from './recording';
import { postPrompt } from './reply-client';
import type { RivuletServer } from './rivulet-server';
import { promptByHand, type Upstream } from './upstream';

const folder = process.env.CORPORA_DIR;
const recorded = folder ? readRecordings(join(folder, 'anthropic-sse')) : [];
const isShortAnswer = (each: Recording) => each.bytes.length < 2500 && answerOf(each).stopReason !== '';
const recordings = [OWN_RECORDING, ...recorded.filter(isShortAnswer)];

const everyByte = (stream: string) => Array.from(Buffer.from(stream), (byte) => Uint8Array.of(byte));
const everyEvent = (stream: string) => stream.split(/(?<=\n\n)/);

const COMMENT = `: ${'é'.repeat(8192)}\n\n`;
const PINGS = encodeFrame('ping').repeat(200);

/** What is sent in one turn of the event loop each, and says the same as the stream as it was. */
const FRAMINGS: readonly (readonly [how: string, pieces: (stream: string) => readonly (string | Uint8Array)[]])[] = [
  ['byte by byte', everyByte],
  ['byte by byte, with lines that end as on Windows', (stream) => everyByte(stream.replaceAll('\n', '\r\n'))],
  ['with a comment of 16 KB before each event', (stream) => everyEvent(stream).flatMap((event) => [COMMENT, event])],
  ['with a flood of pings before each event', (stream) => everyEvent(stream).flatMap((event) => [PINGS, event])],
];
for (const [how, pieces] of FRAMINGS) {
  test(`a stream that comes ${how} is read all the same: ${recordings.length} streams`, async ({ live, upstream }) => {
    const outcomes = await Promise.all(recordings.map((each) => send(live, upstream, each, pieces)));
    expect(outcomes).toEqual(recordings.map(expectedOf));
  });
}

async function send(
  live: RivuletServer,
  upstream: Upstream,
  { name, bytes }: Recording,
  pieces: (stream: string) => readonly (string | Uint8Array)[],
): Promise<Outcome> {
  const prompt = promptByHand(name);
  const reply = followReply(postPrompt(live.url, prompt));
  const call = await upstream.nextCall(prompt);
  for (const piece of pieces(bytes.toString())) {
    call.send(piece);
    await nextTurn();
  }
  call.end();
  return reply.outcome;
}

function expectedOf(recording: Recording): Outcome {
  const { content, stopReason: end, usage } = answerOf(recording);
  return { content, end, usage };
}
