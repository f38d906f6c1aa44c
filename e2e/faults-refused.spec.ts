import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { errorBody, wholeAnswer } from './frames';
import { FAILED_REQUEST } from './page-errors';
import { ask, askBothWays, goOn } from './question';
import type { UpstreamCall } from './upstream-call';

/** In what Claude says, and nowhere else. */
const WORDS_OF_CLAUDE = /3333404|x-api-key|credit balance|permission for this|there-is-no-such|cloudflare/i;

test.beforeEach(({ pageErrors }) => pageErrors.allow(FAILED_REQUEST));

test('U-400 · a prompt that is too long is told as that, and can be taken back to be shortened', async ({
  page,
  live,
  upstream,
}) => {
  const refuse = (call: UpstreamCall) =>
    call.refuse(400, errorBody('invalid_request_error', 'prompt is too long: 3333404 tokens > 200000 maximum'), {
      'request-id': 'req_011CeCGmMJJGRCp7xgjqapmJ',
    });
  const chat = await ChatPage.open(page);
  const { prompt, draft, replyId, call } = await ask(chat, upstream, 'too long');
  refuse(call);

  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'failed');
  await expect(chat.lastAnswer).toContainText(
    /^No answer\. This conversation is too long for the model\. Start a new chat or shorten it\. Request [0-9a-f-]{36}/,
  );
  await expect(chat.lastButtons).toHaveText(['Edit', 'Continue in a new chat']);
  expect(await live.findLog(replyId)).toMatchObject({
    level: 40,
    outcome: 'failed',
    errorCode: 'conversation_too_long',
    attempts: 1,
    upstreamRequestId: 'req_011CeCGmMJJGRCp7xgjqapmJ',
  });
  for (const { status, code, body } of await askBothWays(live.url, upstream, refuse)) {
    expect([status, code]).toEqual([400, 'conversation_too_long']);
    expect(body).not.toMatch(WORDS_OF_CLAUDE);
  }
  expect(upstream.calls).toHaveLength(3);

  await chat.lastButtons.first().click();
  await expect(chat.editor).toHaveValue(prompt);
  await expect(chat.editor).toBeFocused();
  await expect(chat.composer).toHaveValue(draft);
});

test('U-400 · another request that Claude does not accept leaves the conversation as it was', async ({
  page,
  live,
  upstream,
}) => {
  const chat = await ChatPage.open(page);
  const question = await ask(chat, upstream, 'not accepted');
  question.call.refuse(400, errorBody('invalid_request_error', 'effort 3333404 is not supported'));

  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'failed');
  await expect(chat.lastAnswer).toContainText(/^No answer\. Claude could not accept this request\. Request/);
  await expect(chat.lastButtons).toHaveText(['Edit']);
  expect(await live.findLog(question.replyId)).toMatchObject({ errorCode: 'request_rejected', attempts: 1 });
  await goOn(chat, upstream, question, [`${question.prompt}\n\n${question.draft}`]);
});

const ACCESS = [
  { what: 'a key that is refused', status: 401, type: 'authentication_error', message: 'invalid x-api-key' },
  { what: 'an account without credit', status: 402, type: 'billing_error', message: 'Your credit balance is too low' },
  { what: 'a missing permission', status: 403, type: 'permission_error', message: 'no permission for this' },
] as const;

for (const { what, status, type, message } of ACCESS) {
  test(`U-401 · ${what} (${status}) is the operator’s to mend, and nobody is told to try again`, async ({
    page,
    live,
    upstream,
  }) => {
    const refuse = (call: UpstreamCall) => call.refuse(status, errorBody(type, message));
    const chat = await ChatPage.open(page);
    const question = await ask(chat, upstream, type);
    refuse(question.call);

    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'failed');
    await expect(chat.lastAnswer).toContainText(
      /^No answer\. This server’s access to Claude does not work\. Its operator has to check the key\. Request/,
    );
    await expect(page.getByRole('status')).toContainText('Its operator has to check the key.');
    await expect(chat.lastButtons).toHaveCount(0);
    expect(await live.findLog(question.replyId)).toMatchObject({
      level: 50,
      outcome: 'failed',
      errorCode: 'service_misconfigured',
      attempts: 1,
    });
    // Never the status of Claude: to a browser a 401 speaks of its own sign-in.
    for (const answered of await askBothWays(live.url, upstream, refuse)) {
      expect([answered.status, answered.code]).toEqual([503, 'service_misconfigured']);
      expect(answered.headers.get('retry-after')).toBeNull();
      expect(answered.body).not.toMatch(WORDS_OF_CLAUDE);
    }
    expect(upstream.calls).toHaveLength(3);
    expect(live.output.filter((line) => line.includes(message))).toEqual([]);
    await goOn(chat, upstream, question, [`${question.prompt}\n\n${question.draft}`]);
  });
}

test('U-404 · a model that Claude does not know leads to the choice of another one', async ({
  page,
  live,
  upstream,
}) => {
  const refuse = (call: UpstreamCall) =>
    call.refuse(404, errorBody('not_found_error', 'model: there-is-no-such-model'));
  const chat = await ChatPage.open(page);
  const { prompt, draft, replyId, call } = await ask(chat, upstream, 'unknown model');
  refuse(call);

  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'failed');
  await expect(chat.lastAnswer).toContainText(
    /^No answer\. This model is not available here\. Choose another one\. Req/,
  );
  await expect(page.getByRole('combobox', { name: 'Model' })).toBeFocused();
  expect(await live.findLog(replyId)).toMatchObject({ level: 40, errorCode: 'model_unavailable', attempts: 1 });
  for (const { status, code, body } of await askBothWays(live.url, upstream, refuse)) {
    expect([status, code]).toEqual([400, 'model_unavailable']);
    expect(body).not.toMatch(WORDS_OF_CLAUDE);
  }
  expect(upstream.calls).toHaveLength(3);

  await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Haiku 5.5' });
  await expect(chat.composer).toHaveValue(draft);
  await expect(chat.lastButtons).toHaveText(['Retry']);
  await chat.lastButtons.click();
  const again = await upstream.nextCall(prompt);
  expect([again.body.model, ...again.texts]).toEqual(['claude-haiku-5-5', prompt]);
  again.send(wholeAnswer('This one I am.'));
  again.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
});

test('U-413 · what is too large for Claude says what to do, also where a web page says it', async ({
  page,
  live,
  upstream,
}) => {
  const html = '<html><head><title>413 Request Entity Too Large</title></head><center>cloudflare</center></html>';
  const refuse = (call: UpstreamCall) => call.refuse(413, html, { 'content-type': 'text/html' });
  const chat = await ChatPage.open(page);
  const question = await ask(chat, upstream, 'too large');
  refuse(question.call);

  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'failed');
  await expect(chat.lastAnswer).toContainText(
    /^No answer\. This message is too large to send\. Shorten it or start a new chat\. Request/,
  );
  await expect(chat.lastButtons).toHaveText(['Edit']);
  expect(await live.findLog(question.replyId)).toMatchObject({
    level: 40,
    outcome: 'failed',
    errorCode: 'request_too_large',
    attempts: 1,
  });
  for (const { status, code, body } of await askBothWays(live.url, upstream, refuse)) {
    expect([status, code]).toEqual([413, 'request_too_large']);
    expect(body).not.toMatch(WORDS_OF_CLAUDE);
  }
  expect(upstream.calls).toHaveLength(3);
  await goOn(chat, upstream, question, [`${question.prompt}\n\n${question.draft}`]);
});
