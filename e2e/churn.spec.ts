import { setTimeout as delay } from 'node:timers/promises';
import { errorBody, messageStart, textDelta, textStart, thinkingDelta, thinkingStart, wholeAnswer } from './frames';
import { expect, test } from './own-server';
import { plainPost } from './plain-post';
import type { ProbeReading, RivuletServer } from './rivulet-server';
import { promptByHand, type Upstream } from './upstream';
import type { UpstreamCall } from './upstream-call';

const WARM_UP_ROUNDS = 40;
const ROUNDS = 200;
const AT_ONCE = 8;

/** Each round comes with as much, so that anything that is kept of one shows in the heap. */
const PROMPT_CHARS = 50_000;
/**
 * A third of what one copy of every prompt would be. The heap grows by about 1 MB once, while code is compiled, and stays
 * there for a thousand rounds.
 */
const TOLERANCE_BYTES = 3_000_000;

type Answer = (call: UpstreamCall, pause: () => Promise<void>) => Promise<void>;

/** Ways in which Claude answers; a reader may leave in the middle of any. */
const ANSWERS: readonly [Answer, ...Answer[]] = [
  async () => {},
  async (call, pause) => {
    call.sendHeaders();
    await pause();
    call.send(messageStart());
  },
  async (call, pause) => {
    call.send(messageStart(), thinkingStart(), thinkingDelta('Hm.'));
    for (let word = 0; word < 20 && call.isOpen; word += 1) {
      await pause();
      call.send(thinkingDelta(` And ${word}.`));
    }
  },
  async (call, pause) => {
    call.send(messageStart(), textStart());
    for (let word = 0; word < 20 && call.isOpen; word += 1) {
      await pause();
      call.send(textDelta(`word ${word} `));
    }
  },
  async (call) => call.refuse(529, errorBody('overloaded_error', ''), { 'retry-after': '1' }),
  async (call, pause) => {
    await pause();
    call.send(wholeAnswer('All of it.'));
    call.end();
  },
];

/** The others ask for the whole as one object. */
const STREAMED_SHARE = 0.75;

/** The longest wait before a reader leaves; some leave after the end. */
const LONGEST_STAY_MS = 60;

test('B-abort · 200 replies whose readers leave at any moment leave nothing behind', async ({
  startServer,
  upstream,
}) => {
  const server = await startServer({ REPLY_GRACE_SECONDS: '0' }, { withProbe: true });
  await churn(server, upstream, 1, WARM_UP_ROUNDS);
  const before = await settle(server);
  expect(server.replyLogs()).toHaveLength(WARM_UP_ROUNDS);
  await churn(server, upstream, WARM_UP_ROUNDS + 1, WARM_UP_ROUNDS + ROUNDS);
  const after = await settle(server);

  expect(upstream.openCalls).toBe(0);
  const logs = server.replyLogs().slice(WARM_UP_ROUNDS);
  expect(logs).toHaveLength(ROUNDS);
  expect(new Set(logs.map(({ replyId }) => replyId)).size).toBe(ROUNDS);
  expect(logs.filter(({ outcome }) => outcome !== 'abandoned' && outcome !== 'complete')).toEqual([]);
  for (const outcome of ['abandoned', 'complete']) {
    note(outcome, `${logs.filter((line) => line.outcome === outcome).length} of ${logs.length}`);
  }

  expect(after.rejections).toEqual([]);
  expect(after.warnings).toEqual([]);
  expect(server.output.join('\n')).not.toMatch(/unhandledRejection|MaxListenersExceededWarning/);
  expect(after.resources).toEqual(before.resources);
  note('heap', `${megabytes(before.heapBytes)} → ${megabytes(after.heapBytes)}`);
  note('what is left open', JSON.stringify(after.resources));
  expect(after.heapBytes - before.heapBytes).toBeLessThan(TOLERANCE_BYTES);
});

/** Starts replies, a few at a time, and leaves each at a random moment after Claude was asked. */
async function churn(server: RivuletServer, upstream: Upstream, first: number, last: number): Promise<void> {
  let next = first;
  const oneAfterTheOther = async () => {
    while (next <= last) {
      const round = next;
      next += 1;
      await startAndLeave(server, upstream, round);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, oneAfterTheOther));
}

async function startAndLeave(server: RivuletServer, upstream: Upstream, round: number): Promise<void> {
  const random = randomFrom(round);
  const answer = ANSWERS[Math.floor(random() * ANSWERS.length)] ?? ANSWERS[0];
  const accept = random() < STREAMED_SHARE ? 'text/event-stream' : 'application/json';
  const prompt = `${promptByHand('churn')} ${'x'.repeat(PROMPT_CHARS)}`;
  const leaving = new AbortController();
  const ending = plainPost(server.url, prompt, { accept, signal: leaving.signal }).then(
    () => 'read',
    () => (leaving.signal.aborted ? 'left' : 'broken'),
  );
  const call = await upstream.nextCall(prompt);
  const stay = delay(random() * LONGEST_STAY_MS).then(() => leaving.abort());
  await Promise.all([answer(call, () => delay(random() * 5)), stay]);
  expect(['read', 'left']).toContain(await ending);
}

/** Waits until every connection is closed, and tells what is left. */
async function settle(server: RivuletServer): Promise<ProbeReading> {
  let reading = await server.readProbe();
  const unsettled = async () => {
    reading = await server.readProbe();
    return PASSING.filter((resource) => resource in reading.resources);
  };
  await expect.poll(unsettled, { timeout: 15_000 }).toEqual([]);
  return reading;
}

/** A connection, and a file that is just being read: gone in a moment, where nothing is left behind. */
const PASSING = ['TCPSocketWrap', 'FSReqCallback'];

/** Numbers from 0 to 1 that are the same in each run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;

function note(type: string, description: string): void {
  test.info().annotations.push({ type, description });
}
