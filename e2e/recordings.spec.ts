import { join } from 'node:path';
import { encodeFrame } from '@/lib/demo/script';
import { expect, test } from './fixtures';
import { errorFrame, messageStart, textDelta, textStart, wholeAnswer } from './frames';
import { followReply, type Outcome } from './outcome';
import { OWN_ANSWER, OWN_RECORDING } from './own-recording';
import { answerOf, framesOf, isSpliced, type Recording, readRecordings } from './recording';
import { openReply, postPrompt, postPromptForJson } from './reply-client';
import type { RivuletServer } from './rivulet-server';
import { promptByHand, type Upstream } from './upstream';

/** Recordings are not part of the project; `CORPORA_DIR` says where they are. */
const folder = process.env.CORPORA_DIR;
const recordings = folder ? readRecordings(join(folder, 'anthropic-sse')) : [];
// Loaded by the runner and again by each worker; one line is enough.
if (!folder && process.env.TEST_WORKER_INDEX === undefined) {
  process.stdout.write('CORPORA_DIR is not set: the recorded streams of Claude are not replayed.\n');
}

/** Of a size that cuts lines and characters anywhere. */
const PIECE_BYTES = 997;

const isError = (recording: Recording) => framesOf(recording).every((frame) => frame.type === 'error');

test('a recording is read here as a person reads it', () => {
  expect(answerOf(OWN_RECORDING)).toEqual(OWN_ANSWER);
});

for (const recording of [OWN_RECORDING, ...recordings.filter((each) => !isError(each) && !isSpliced(each))]) {
  test(`a recording is answered as it was: ${recording.name}`, async ({ live, upstream }) => {
    const expected = answerOf(recording);
    const { content, stopReason: end, usage } = expected;
    const [streamed, whole] = await Promise.all([
      replayStreamed(live, upstream, recording),
      replayWhole(live, upstream, recording),
    ]);
    expect(streamed).toEqual({ content, end, usage });
    expect(whole).toMatchObject(expected);
  });
}

const anotherStart = encodeFrame('message_start', { message: { id: 'msg_of_another', content: [] } });
const spliced: Recording[] = [
  {
    name: 'one of our own',
    bytes: Buffer.from(messageStart() + textStart() + textDelta('Half') + anotherStart + wholeAnswer('Whole')),
  },
  ...recordings.filter(isSpliced),
];

for (const recording of spliced) {
  test(`a recording with another message in its middle is unreadable from there on: ${recording.name}`, async ({
    live,
    upstream,
  }) => {
    const [streamed, whole] = await Promise.all([
      replayStreamed(live, upstream, recording),
      replayWhole(live, upstream, recording),
    ]);
    const { content } = answerOf(recording);
    expect(content).not.toEqual([]);
    expect(streamed).toEqual({ content, end: 'upstream_unreadable', usage: undefined });
    expect(whole).toMatchObject({ error: { code: 'upstream_unreadable' } });
  });
}

const failures: Recording[] = [
  { name: 'one of our own', bytes: Buffer.from(errorFrame('overloaded_error', 'Overloaded')) },
  ...recordings.filter(isError),
];

for (const { name, bytes } of failures) {
  test(`a recorded failure is waited out before the first word, and told after it: ${name}`, async ({
    live,
    upstream,
  }) => {
    const prompts = [promptByHand(`before ${name}`), promptByHand(`after ${name}`)] as const;
    const [before, after] = await Promise.all(prompts.map((prompt) => openReply(live.url, prompt)));
    const first = await upstream.nextCall(prompts[0]);
    first.send(bytes);
    first.end();
    const second = await upstream.nextCall(prompts[1]);
    second.send(messageStart(), textStart(), textDelta('A word'), bytes);
    second.end();
    const again = await upstream.nextCall(prompts[0]);
    again.send(wholeAnswer('Here I am.'));
    again.end();

    expect(await before?.rest()).toMatchObject([
      { type: 'reply-start' },
      { type: 'reply-waiting', reason: 'overloaded' },
      { type: 'text-delta', text: 'Here I am.' },
      { type: 'reply-end' },
    ]);
    expect(await after?.rest()).toMatchObject([
      { type: 'reply-start' },
      { type: 'text-delta', text: 'A word' },
      { type: 'reply-error', error: { code: 'overloaded' } },
    ]);
  });
}

async function replayStreamed(live: RivuletServer, upstream: Upstream, { name, bytes }: Recording): Promise<Outcome> {
  const prompt = promptByHand(`streamed ${name}`);
  const reply = followReply(postPrompt(live.url, prompt));
  const call = await upstream.nextCall(prompt);
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) call.send(bytes.subarray(at, at + PIECE_BYTES));
  call.end();
  return reply.outcome;
}

async function replayWhole(live: RivuletServer, upstream: Upstream, { name, bytes }: Recording): Promise<unknown> {
  const prompt = promptByHand(`whole ${name}`);
  const answer = postPromptForJson(live.url, prompt);
  const call = await upstream.nextCall(prompt);
  call.send(bytes);
  call.end();
  return (await answer).json();
}
