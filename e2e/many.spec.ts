import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart } from './frames';
import { joinDeltas, openReply } from './reply-client';
import { promptByHand } from './upstream';

const REPLIES = 50;
const ROUNDS = 40;

test('fifty replies at once keep to themselves, and the next one does not wait for them', async ({
  live,
  upstream,
}) => {
  const replies = await Promise.all(
    Array.from({ length: REPLIES }, async (_, number) => {
      const prompt = promptByHand(`one of many, ${number}`);
      const reply = await openReply(live.url, prompt);
      return { number, reply, call: await upstream.nextCall(prompt) };
    }),
  );
  for (const { call } of replies) call.send(messageStart(), textStart());
  const rest = replies.map(({ reply }) => reply.rest());
  const feed = (round: number) => {
    for (const { number, call } of replies) call.send(textDelta(`${number}:${round} `));
  };
  for (let round = 0; round < ROUNDS / 2; round += 1) feed(round);

  const askedAt = performance.now();
  const prompt = promptByHand('one more');
  const [next, call] = await Promise.all([openReply(live.url, prompt), upstream.nextCall(prompt)]);
  call.send(messageStart(), textStart(), textDelta('Here.'));
  expect(await next.nextEvent()).toMatchObject({ type: 'reply-start' });
  expect(await next.nextEvent()).toEqual({ type: 'text-delta', text: 'Here.' });
  const tookMs = performance.now() - askedAt;
  test.info().annotations.push({ type: 'reply 51, first word', description: `${tookMs.toFixed(1)} ms` });
  expect(upstream.openCalls).toBe(REPLIES + 1);

  for (let round = ROUNDS / 2; round < ROUNDS; round += 1) feed(round);
  for (const each of [...replies.map((reply) => reply.call), call]) {
    each.send(blockStop(), messageEnd());
    each.end();
  }
  const texts = (await Promise.all(rest)).map((events) => joinDeltas(events, 'text-delta'));
  expect(texts).toEqual(
    replies.map(({ number }) => Array.from({ length: ROUNDS }, (_, round) => `${number}:${round} `).join('')),
  );
  expect((await next.rest()).at(-1)).toMatchObject({ type: 'reply-end', stopReason: 'end_turn' });
  expect(upstream.openCalls).toBe(0);
});
