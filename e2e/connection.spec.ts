import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from './fixtures';
import { wholeAnswer } from './frames';
import { openReply, postPrompt, postPromptForJson } from './reply-client';
import { promptByHand } from './upstream';

test('a reply that is complete leaves its connection to the next one', async ({ live, upstream }) => {
  const connections: number[] = [];
  for (const about of ['the first', 'the second', 'the third']) {
    const prompt = promptByHand(about);
    const reply = await openReply(live.url, prompt);
    const call = await upstream.nextCall(prompt);
    call.send(wholeAnswer('Done.'));
    call.end();
    expect((await reply.rest()).at(-1)).toMatchObject({ type: 'reply-end' });
    await live.findLog(reply.response.headers.get('x-request-id') ?? '');
    connections.push(call.connection);
  }
  expect(new Set(connections).size).toBe(1);
});

test('a server that never ends a complete response is hung up on, and the reply does not wait', async ({
  live,
  upstream,
}) => {
  const prompt = promptByHand('lingering');
  const reply = await openReply(live.url, prompt);
  const call = await upstream.nextCall(prompt);
  call.send(wholeAnswer('Done.'));

  expect((await reply.rest()).at(-1)).toMatchObject({ type: 'reply-end' });
  expect(call.isOpen).toBe(true);
  await call.closed;
  expect(upstream.openCalls).toBe(0);
});

test('readers who leave at any moment leave no call behind', async ({ strict, upstream }) => {
  const READERS = 60;
  await Promise.all(
    Array.from({ length: READERS }, async (_, turns) => {
      const leaving = new AbortController();
      const asked = postPrompt(strict.url, promptByHand(`hasty, ${turns}`), { signal: leaving.signal });
      const left = expect(asked.then((response) => response.text())).rejects.toThrow(/abort/);
      for (let turn = 0; turn < turns; turn += 1) await nextTurn();
      leaving.abort();
      await left;
    }),
  );
  await expect.poll(() => upstream.openCalls).toBe(0);
  expect(await (await postPromptForJson(strict.url, 'Hello again')).json()).toMatchObject({ stopReason: 'end_turn' });
  expect(upstream.openCalls).toBe(0);
});
