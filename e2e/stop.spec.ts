import { expect, test } from './fixtures';
import { blockStop, errorBody, messageStart, textDelta, textStart, thinkingDelta, thinkingStart } from './frames';
import { openReply, postPromptForJson, takeTurn } from './reply-client';
import type { RivuletServer } from './rivulet-server';
import { promptByHand } from './upstream';
import type { UpstreamCall } from './upstream-call';

/** From the reader's leaving to the closed socket of the call: the best of a few rounds, for the machine may be busy. */
const LIMIT_MS = 100;
const ROUNDS = 3;

/** How far Claude has come when the reader leaves, and the event by which a reader of the stream knows it. */
const MOMENTS: readonly { when: string; sign: string; answer: (call: UpstreamCall) => void }[] = [
  { when: 'before Claude’s headers', sign: 'reply-start', answer: () => {} },
  { when: 'after the headers', sign: 'reply-start', answer: (call) => call.sendHeaders() },
  { when: 'before the first delta', sign: 'reply-start', answer: (call) => call.send(messageStart()) },
  { when: 'in the middle of thinking', sign: 'thinking-delta', answer: think },
  { when: 'in the middle of the text', sign: 'text-delta', answer: write },
];

/** The two forms of a reply. `hasSeen` waits until the server has read what Claude sent. */
const FORMS = [
  { who: 'a reader of the stream', open: openStream },
  { who: 'a program that asked for the whole', open: openWhole },
];
type Reader = { readonly hasSeen: (sign: string) => Promise<void>; readonly leave: () => Promise<number> };

for (const { who, open } of FORMS) {
  for (const { when, sign, answer } of MOMENTS) {
    test(`when ${who} leaves ${when}, the call to Claude is closed at once`, async ({ strict, upstream }) => {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const prompt = promptByHand(`leave ${when}`);
        const replyId = `leave-${crypto.randomUUID()}`;
        const reader = await open(strict, prompt, replyId);
        const call = await upstream.nextCall(prompt);
        answer(call);
        await reader.hasSeen(sign);

        times.push(-(await reader.leave()) + (await call.closed));
        expect(await strict.findLog(replyId)).toMatchObject({ outcome: 'abandoned', attempts: 1 });
        await expectIdle(strict, upstream);
      }
      note('socket closed', Math.min(...times));
      expect(Math.min(...times)).toBeLessThan(LIMIT_MS);
    });
  }

  test(`when ${who} leaves while Claude is waited for, it is not asked again`, async ({ strict, upstream }) => {
    const prompt = promptByHand('leave while waiting');
    const replyId = `leave-${crypto.randomUUID()}`;
    const reader = await open(strict, prompt, replyId);
    const call = await upstream.nextCall(prompt);
    call.refuse(529, errorBody('overloaded_error', ''), { 'retry-after': '3' });
    await reader.hasSeen('reply-waiting');

    const leftAt = await reader.leave();
    // Written when the reply is over: what it was to ask, it has asked by then.
    expect(await strict.findLog(replyId)).toMatchObject({ outcome: 'abandoned' });
    note('reply over', performance.now() - leftAt);
    expect(upstream.calls).toHaveLength(1);
    await expectIdle(strict, upstream);
  });
}

async function openStream(server: RivuletServer, prompt: string, replyId: string): Promise<Reader> {
  const reply = await openReply(server.url, prompt, { fields: { replyId } });
  const hasSeen = async (sign: string) => {
    let event = await reply.nextEvent();
    while (event?.type !== sign) event = await reply.nextEvent();
    await takeTurn(server.url);
  };
  return { hasSeen, leave: async () => reply.leave() };
}

async function openWhole(server: RivuletServer, prompt: string, replyId: string): Promise<Reader> {
  const leaving = new AbortController();
  const answer = postPromptForJson(server.url, prompt, { fields: { replyId }, signal: leaving.signal });
  const failed = expect(answer).rejects.toThrow(/abort/);
  const leave = async () => {
    const leftAt = performance.now();
    leaving.abort();
    await failed;
    return leftAt;
  };
  return { hasSeen: () => takeTurn(server.url), leave };
}

function think(call: UpstreamCall): void {
  call.send(messageStart(), thinkingStart(0), thinkingDelta('First, ', 0));
}

function write(call: UpstreamCall): void {
  think(call);
  call.send(blockStop(0), textStart(1), textDelta('The answer', 1));
}

async function expectIdle(server: RivuletServer, upstream: { openCalls: number }): Promise<void> {
  expect(upstream.openCalls).toBe(0);
  expect(await (await postPromptForJson(server.url, 'Hello again')).json()).toMatchObject({ stopReason: 'end_turn' });
}

/** Keeps the measured time with the result of the test. */
function note(what: string, tookMs: number): void {
  test.info().annotations.push({ type: `leave → ${what}`, description: `${tookMs.toFixed(1)} ms` });
}
