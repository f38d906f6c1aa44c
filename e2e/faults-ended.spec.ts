import { encodeFrame } from '@/lib/demo/script';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { blockStop, messageDelta, messageEnd, messageStart, textDelta, textStart, wholeAnswer } from './frames';
import { ask, askForJson, goOn } from './question';
import type { UpstreamCall } from './upstream-call';

/** As the page sends it for Continue. */
const CONTINUE = 'Continue exactly where you stopped.';

const TEXT = [messageStart(), textStart(), textDelta('All of it.'), blockStop()];

/** Nothing to say about it but that it is complete. */
async function expectComplete(chat: ChatPage, text: string): Promise<void> {
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(chat.lastAnswer.getByText(text, { exact: true })).toBeVisible();
  await expect(chat.lastButtons).toHaveText(['Copy']);
  await expect(chat.page.getByRole('status')).toHaveText('The answer is complete.');
}

test('U-eof-delta · an answer that told why it ended is complete, also where its last event is missing', async ({
  page,
  live,
  upstream,
}) => {
  const chat = await ChatPage.open(page);
  const question = await ask(chat, upstream, 'no last event');
  question.call.send(...TEXT, messageDelta('end_turn'));
  question.call.end();

  await expectComplete(chat, 'All of it.');
  expect(await live.findLog(question.replyId)).toMatchObject({
    level: 30,
    outcome: 'complete',
    stopReason: 'end_turn',
    anomaly: 'no_message_stop',
    attempts: 1,
  });
  const { status, body } = await askForJson(live.url, upstream, (call) => {
    call.send(...TEXT, messageDelta('end_turn'));
    call.drop();
  });
  expect([status, JSON.parse(body).stopReason]).toEqual([200, 'end_turn']);
  expect(upstream.calls).toHaveLength(2);
  await goOn(chat, upstream, question, [question.prompt, 'All of it.', question.draft]);
});

test('U-hang-stop · an answer is complete at once, also where its connection stays open', async ({
  page,
  live,
  upstream,
}) => {
  const chat = await ChatPage.open(page);
  const question = await ask(chat, upstream, 'stays open');
  question.call.send(wholeAnswer('All of it.'));

  await expectComplete(chat, 'All of it.');
  const log = await live.findLog(question.replyId);
  expect(log).toMatchObject({ level: 30, outcome: 'complete', stopReason: 'end_turn', attempts: 1 });
  expect(log.anomaly).toBeUndefined();
  // By this server: the test has not ended it.
  await question.call.closed;
  const { status } = await askForJson(live.url, upstream, (call) => call.send(wholeAnswer('All of it.')));
  expect(status).toBe(200);
  expect(upstream.calls).toHaveLength(2);
  await goOn(chat, upstream, question, [question.prompt, 'All of it.', question.draft]);
});

const search = { type: 'tool_use', id: 'toolu_1', name: 'search', input: {} };
const TOOL = [
  encodeFrame('content_block_start', { index: 1, content_block: search }),
  encodeFrame('content_block_delta', {
    index: 1,
    delta: { type: 'input_json_delta', partial_json: '{"for":"rivers"}' },
  }),
  blockStop(1),
];

/** The ends after which there is more to say, and what is told of them. */
const UNFINISHED = [
  {
    id: 'U-max',
    stopReason: 'max_tokens',
    notice: 'Cut off. The answer reached the length limit and is not complete.',
  },
  {
    id: 'U-max',
    stopReason: 'model_context_window_exceeded',
    notice: 'Cut off. The conversation filled the model’s context window. The answer is not complete.',
  },
  { id: 'U-pause', stopReason: 'pause_turn', notice: 'Unfinished. Claude paused in the middle of its turn.' },
  {
    id: 'U-pause',
    stopReason: 'tool_use',
    frames: TOOL,
    notice: 'Unfinished. Claude wanted to use a tool, and there is none here.',
  },
] as const;

for (const { id, stopReason, notice, ...rest } of UNFINISHED) {
  test(`${id} · an answer that ended with ${stopReason} says so, and Continue goes on from it`, async ({
    page,
    live,
    upstream,
  }) => {
    const finish = (call: UpstreamCall) => {
      call.send(...TEXT, ...('frames' in rest ? rest.frames : []), messageEnd(stopReason));
      call.end();
    };
    const chat = await ChatPage.open(page);
    const { prompt, draft, replyId, call } = await ask(chat, upstream, stopReason);
    finish(call);

    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
    await expect(chat.lastAnswer).toContainText(/^All of it\./);
    await expect(chat.lastAnswer).toContainText(notice);
    await expect(chat.lastAnswer).not.toContainText('rivers');
    await expect(page.getByRole('status')).toHaveText(notice);
    const isFull = stopReason === 'model_context_window_exceeded';
    await expect(chat.lastButtons).toHaveText(['Continue', ...(isFull ? ['Continue in a new chat'] : []), 'Copy']);
    expect(await live.findLog(replyId)).toMatchObject({ level: 30, outcome: 'complete', stopReason, attempts: 1 });
    const { status, body } = await askForJson(live.url, upstream, finish);
    expect([status, JSON.parse(body).stopReason]).toEqual([200, stopReason]);
    // Nothing goes on by itself.
    expect(upstream.calls).toHaveLength(2);

    await chat.lastButtons.filter({ hasText: /^Continue$/ }).click();
    await expect(chat.answers).toHaveCount(2);
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
    expect(upstream.calls.at(-1)?.texts).toEqual([prompt, 'All of it.', CONTINUE]);
    await expect(chat.composer).toHaveValue(draft);
    await expect.poll(() => upstream.openCalls).toBe(0);
  });
}

test('U-refuse · Claude may decline, with or without a word before it, and is not told of it again', async ({
  page,
  live,
  upstream,
}) => {
  const chat = await ChatPage.open(page);
  const first = await ask(chat, upstream, 'a good one');
  first.call.send(wholeAnswer('All of it.'));
  first.call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');

  const silent = await ask(chat, upstream, 'declined in silence');
  silent.call.send(messageStart(), messageEnd('refusal', 0));
  silent.call.end();
  const notice = 'Claude declined. Claude did not answer this. Asking in another way may help.';
  await expect(chat.answers).toHaveCount(2);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(chat.lastAnswer).toContainText(notice);
  await expect(page.getByRole('status')).toHaveText(notice);
  await expect(chat.lastButtons).toHaveCount(0);

  const half = await ask(chat, upstream, 'declined in the middle');
  half.call.send(messageStart(), textStart(), textDelta('One could'), blockStop(), messageEnd('refusal'));
  half.call.end();
  await expect(chat.answers).toHaveCount(3);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(chat.lastAnswer).toContainText(/^One could/);
  await expect(chat.lastAnswer).toContainText(notice);
  await expect(chat.lastButtons).toHaveText(['Copy']);

  for (const { replyId } of [silent, half]) {
    expect(await live.findLog(replyId)).toMatchObject({
      level: 30,
      outcome: 'complete',
      stopReason: 'refusal',
      attempts: 1,
    });
  }
  expect(upstream.calls).toHaveLength(3);
  await goOn(chat, upstream, half, [first.prompt, 'All of it.', half.draft]);
});
