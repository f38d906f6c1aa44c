import { encodeFrame } from '@/lib/demo/script';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, PING, textDelta, textStart } from './frames';
import { ask, askForJson, goOn } from './question';
import type { UpstreamCall } from './upstream-call';

const delta = (index: number, fields: object) => encodeFrame('content_block_delta', { index, delta: fields });

/** Frames of the future and of other servers: allowed, and nothing to show. */
const UNKNOWN = [
  encodeFrame('an_event_of_the_future', { text: 'not shown' }),
  encodeFrame('content_block_start', { index: 7, content_block: { type: 'a_block_of_the_future', text: 'not shown' } }),
  delta(7, { type: 'text_delta', text: 'not shown' }),
  delta(0, { type: 'a_delta_of_the_future', text: 'not shown' }),
  blockStop(7),
];

/** Odd in every way that does no harm. Its text is exact all the same. */
const ODD = [
  messageStart(),
  // A gateway may say twice that a message begins.
  messageStart(),
  textStart(),
  textDelta('Odd, '),
  ...UNKNOWN,
  // A delta whose block was never begun.
  textDelta('世界 ', 3),
  textDelta('🌊', 3),
  blockStop(),
  messageEnd(),
].join('');

/** Each byte is a write of its own. */
function sendByteByByte(call: UpstreamCall, text: string): void {
  for (const byte of Buffer.from(text)) call.send(Uint8Array.of(byte));
}

test('U-odd · what is unknown, repeated or cut into bytes changes nothing of an answer', async ({
  page,
  live,
  upstream,
}) => {
  const odd = (call: UpstreamCall) => {
    call.send(`:${'x'.repeat(16 * 1024)}\n\n`, PING.repeat(2000));
    sendByteByByte(call, ODD.replaceAll('\n', '\r\n'));
    call.end();
  };
  const chat = await ChatPage.open(page);
  const question = await ask(chat, upstream, 'odd');
  odd(question.call);

  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(chat.lastAnswer.getByText('Odd, 世界 🌊', { exact: true })).toBeVisible();
  await expect(chat.lastAnswer).not.toContainText('not shown');
  await expect(chat.lastButtons).toHaveText(['Copy']);
  const log = await live.findLog(question.replyId);
  expect(log).toMatchObject({ level: 30, outcome: 'complete', stopReason: 'end_turn', attempts: 1 });
  expect(log.anomaly).toBeUndefined();
  const { status, body } = await askForJson(live.url, upstream, odd);
  expect([status, JSON.parse(body).content]).toEqual([200, [{ type: 'text', text: 'Odd, 世界 🌊' }]]);
  expect(upstream.calls).toHaveLength(2);
  await goOn(chat, upstream, question, [question.prompt, 'Odd, 世界 🌊', question.draft]);
});

/** What contradicts itself. Which of two answers would be the true one? */
const CONTRADICTIONS = [
  {
    what: 'a second message in the middle of the first',
    frames: messageStart('msg_another') + textStart() + textDelta('never shown'),
  },
  { what: 'a delta without its content', frames: encodeFrame('content_block_delta', { index: 0 }) },
  { what: 'a text that is no text', frames: delta(0, { type: 'text_delta', text: { is: 'never shown' } }) },
];

for (const { what, frames } of CONTRADICTIONS) {
  test(`U-odd · ${what} interrupts the answer, and what was shown stays`, async ({ page, live, upstream }) => {
    const contradict = (call: UpstreamCall) => call.send(messageStart(), textStart(), textDelta('One answer'), frames);
    const chat = await ChatPage.open(page);
    const question = await ask(chat, upstream, what);
    contradict(question.call);

    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'interrupted');
    await expect(chat.lastAnswer).toContainText(/^One answer/);
    await expect(chat.lastAnswer).toContainText('Interrupted. The answer from Claude could not be read.');
    await expect(chat.lastAnswer).not.toContainText('never shown');
    await expect(chat.lastButtons).toHaveText(['Retry', 'Continue', 'Copy']);
    const expected = { level: 40, outcome: 'interrupted', errorCode: 'upstream_unreadable', attempts: 1 };
    expect(await live.findLog(question.replyId)).toMatchObject(expected);
    const { status, code } = await askForJson(live.url, upstream, contradict);
    expect([status, code]).toEqual([502, 'upstream_unreadable']);
    expect(upstream.calls).toHaveLength(2);
    await goOn(chat, upstream, question, [question.prompt, 'One answer', question.draft]);
  });
}
