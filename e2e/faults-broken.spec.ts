import { BREAKS, PHASES, type Phase, UNREADABLE_WORDS } from './broken-answers';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { errorBody, errorFrame, messageStart, PING, wholeAnswer } from './frames';
import { FAILED_REQUEST } from './page-errors';
import { ask, askForJson, expectStillWaiting, goOn, type Question } from './question';
import { takeTurn } from './reply-client';
import type { UpstreamCall } from './upstream-call';

// Where nothing has been shown the failure may still be an HTTP status, if it comes soon.
test.beforeEach(({ pageErrors }) => pageErrors.allow(FAILED_REQUEST));

async function expectShown(chat: ChatPage, { id, text }: Phase): Promise<void> {
  await expect(chat.lastAnswer).toContainText(id === 'think' ? 'Thinking…' : text || 'Asking Claude…');
}

/** The reason, what is left and what can be done. A character that did not arrive whole is not there at all. */
async function expectEnd(chat: ChatPage, { status, title, text, buttons }: Phase, says: string): Promise<void> {
  await expect(chat.lastAnswer).toHaveAttribute('data-status', status);
  await expect(chat.lastAnswer).toContainText(`${title} ${says}`);
  await expect(chat.lastAnswer).toContainText(/Request [0-9a-f-]{36}/);
  await expect(chat.lastAnswer).toContainText(text);
  await expect(chat.lastButtons).toHaveText([...buttons]);
  await expect(chat.page.getByRole('status')).toHaveText(`${title} ${says}`);
  expect(await chat.lastAnswer.innerText()).not.toMatch(/\ufffd|\p{Surrogate}/u);
}

function historyAfter({ text }: Phase, { prompt, draft }: Question): readonly string[] {
  return text ? [prompt, text, draft] : [`${prompt}\n\n${draft}`];
}

for (const phase of PHASES) {
  for (const { id, what, strike, code, status, says } of BREAKS) {
    // Before the first word an error is waited out; that has a test of its own.
    if (id === 'errev' && phase.id === 'start') continue;
    test(`U-${id}-${phase.id} · an answer that ${what} ${phase.where} keeps what was shown, with the reason`, async ({
      page,
      live,
      upstream,
    }) => {
      const begin = async (call: UpstreamCall) => {
        call.send(...phase.frames);
        await takeTurn(live.url);
      };
      const chat = await ChatPage.open(page);
      const question = await ask(chat, upstream, `${id} ${phase.id}`);
      await begin(question.call);
      await expectShown(chat, phase);
      strike(question.call, phase.half);

      await expectEnd(chat, phase, says);
      expect(await live.findLog(question.replyId)).toMatchObject({
        level: 40,
        outcome: phase.status,
        errorCode: code,
        attempts: 1,
      });
      const answered = await askForJson(live.url, upstream, async (call) => {
        await begin(call);
        strike(call, phase.half);
      });
      expect([answered.status, answered.code]).toEqual([status, code]);
      expect(Object.keys(JSON.parse(answered.body))).toEqual(['error']);
      expect(upstream.calls).toHaveLength(2);
      for (const told of [await page.content(), ...live.output]) expect(told).not.toContain(UNREADABLE_WORDS);
      await goOn(chat, upstream, question, historyAfter(phase, question));
    });
  }

  test(`U-stall-${phase.id} · an answer that goes silent ${phase.where} is waited for in sight, up to a limit`, async ({
    page,
    hasty,
    upstream,
  }) => {
    const answered = askForJson(hasty.url, upstream, (call) => call.send(...phase.frames, phase.half ?? ''));
    await page.clock.install();
    const chat = await ChatPage.open(page, hasty.url);
    const question = await ask(chat, upstream, `stall ${phase.id}`);
    question.call.send(...phase.frames);
    await whilePinging(question.call, async () => {
      await expectShown(chat, phase);
      await expectStillWaiting(chat);
    });
    if (phase.half) question.call.send(phase.half);

    await expectEnd(chat, phase, 'Claude went silent before the answer was complete.');
    const expected = { outcome: phase.status, errorCode: 'stalled', attempts: 1 };
    expect(await hasty.findLog(question.replyId)).toMatchObject({ level: 40, ...expected });
    const { status, code } = await answered;
    expect([status, code]).toEqual([504, 'stalled']);
    await question.call.closed;
    expect(upstream.calls).toHaveLength(2);
    await goOn(chat, upstream, question, historyAfter(phase, question));
  });
}

/** Pings keep the connection alive meanwhile, and bring nothing. */
async function whilePinging<T>(call: UpstreamCall, look: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => call.send(PING), 200);
  try {
    return await look();
  } finally {
    clearInterval(timer);
  }
}

test('U-errev-start · an error after the start is waited out while nothing was shown, and then told', async ({
  page,
  live,
  upstream,
}) => {
  const chat = await ChatPage.open(page);
  const question = await ask(chat, upstream, 'errev start');
  question.call.send(messageStart(), errorFrame('overloaded_error', 'Overloaded'));
  await expect(chat.lastAnswer).toHaveText(/^Claude is overloaded\. Trying again/);
  const again = await upstream.nextCall(question.prompt);
  again.refuse(529, errorBody('overloaded_error', 'Overloaded'), { 'retry-after': '30' });

  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'failed');
  await expect(chat.lastAnswer).toContainText(/^No answer\. Claude is overloaded right now\. Request/);
  expect(await live.findLog(question.replyId)).toMatchObject({
    outcome: 'failed',
    errorCode: 'overloaded',
    attempts: 2,
  });
  await expect(chat.lastButtons).toHaveText([/^Retry\s*in \d\d s$/]);
  await chat.lastButtons.click();
  const third = await upstream.nextCall(question.prompt);
  third.send(wholeAnswer('Here I am.'));
  third.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await goOn(chat, upstream, question, [question.prompt, 'Here I am.', question.draft]);
});
