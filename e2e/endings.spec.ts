import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import {
  blockStop,
  errorBody,
  messageEnd,
  messageStart,
  textDelta,
  textStart,
  thinkingDelta,
  thinkingStart,
  wholeAnswer,
} from './frames';
import { FAILED_REQUEST } from './page-errors';
import { promptByHand } from './upstream';

/** From the click on Stop to the closed socket of the call: the best of a few rounds, for the machine may be busy. */
const STOP_LIMIT_MS = 100;
const STOP_ROUNDS = 3;

test('Stop keeps what was shown and closes the call to Claude at once', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const times: number[] = [];
  for (let round = 0; round < STOP_ROUNDS; round += 1) {
    const prompt = promptByHand('stop');
    await chat.send(prompt);
    const call = await upstream.nextCall(prompt);
    call.send(messageStart(), textStart(), textDelta('The first half'));
    await expect(chat.lastAnswer).toContainText('The first half');
    const clickedAt = await chat.stopButton.evaluate((button: HTMLButtonElement) => {
      button.click();
      return performance.timeOrigin + performance.now();
    });
    times.push(performance.timeOrigin + (await call.closed) - clickedAt);
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'stopped');
    await expect(chat.lastAnswer).toContainText('The first half');
    await expect(chat.lastAnswer).toContainText('You stopped this answer.');
    await expect(page.getByRole('status')).toHaveText('You stopped this answer.');
  }
  expect(Math.min(...times)).toBeLessThan(STOP_LIMIT_MS);
});

test('Stop before the first word leaves the question, and Retry asks it again', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('early stop');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  await page.keyboard.press('Escape');
  await call.closed;
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'stopped');
  await expect(chat.lastQuestion).toHaveText(prompt);
  await page.getByRole('button', { name: 'Retry' }).click();
  const again = await upstream.nextCall(prompt);
  again.send(wholeAnswer('Here you are.'));
  again.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(chat.answers).toHaveCount(1);
});

test('a dropped answer keeps its text, and Retry starts from scratch beside it', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('drop');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('The part that arri'));
  await expect(chat.lastAnswer).toContainText('The part that arri');
  call.reset();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'interrupted');
  await expect(chat.lastAnswer).toContainText('The part that arri');
  await expect(chat.lastAnswer).toContainText('The connection to Claude broke before the answer was complete.');
  await expect(chat.lastAnswer.getByRole('button', { name: 'Continue' })).toBeVisible();

  await chat.lastAnswer.getByRole('button', { name: 'Retry' }).click();
  const again = await upstream.nextCall(prompt);
  expect(again.texts).toEqual([prompt]);
  again.send(wholeAnswer('All of it.'));
  again.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(chat.lastAnswer).toContainText('All of it.');
  await expect(chat.answers).toHaveCount(1);
  await expect(chat.pagerOf(chat.lastAnswer)).toHaveText('2 / 2');
  await chat.lastAnswer.getByRole('button', { name: 'Previous version' }).click();
  await expect(chat.lastAnswer.getByText('The part that arri')).toBeVisible();
});

test('Continue asks Claude to go on in a new turn', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('continue');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('One, two'), blockStop(), messageEnd('max_tokens'));
  call.end();
  await expect(chat.lastAnswer).toContainText('The answer reached the length limit and is not complete.');
  await chat.lastAnswer.getByRole('button', { name: 'Continue' }).click();
  await expect(chat.answers).toHaveCount(2);
  await expect.poll(() => upstream.calls.at(-1)?.texts.slice(0, 2)).toEqual([prompt, 'One, two']);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
});

const STOP_NOTICES: readonly (readonly [stopReason: string, notice: string])[] = [
  ['max_tokens', 'The answer reached the length limit and is not complete.'],
  ['model_context_window_exceeded', 'The conversation filled the model’s context window.'],
  ['refusal', 'Claude did not answer this.'],
  ['pause_turn', 'Claude paused in the middle of its turn.'],
  ['tool_use', 'Claude wanted to use a tool, and there is none here.'],
  ['stop_sequence', 'The answer reached a stop sequence.'],
];

for (const [stopReason, notice] of STOP_NOTICES) {
  test(`an answer that ended with ${stopReason} says so`, async ({ page, upstream }) => {
    const chat = await ChatPage.open(page);
    const prompt = promptByHand(stopReason);
    await chat.send(prompt);
    const call = await upstream.nextCall(prompt);
    call.send(messageStart(), textStart(), textDelta('Some text'), blockStop(), messageEnd(stopReason));
    call.end();
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
    await expect(chat.lastAnswer).toContainText(notice);
    await expect(page.getByRole('status')).toContainText(notice);
  });
}

test('thinking that used up all tokens is named', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('all thinking');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), thinkingStart(), thinkingDelta('On and on'), blockStop(), messageEnd('max_tokens'));
  call.end();
  await expect(chat.lastAnswer).toContainText('All tokens went to thinking');
});

test('an overloaded Claude is waited for in sight of the reader', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('overload');
  await chat.send(prompt);
  (await upstream.nextCall(prompt)).refuse(529, errorBody('overloaded_error', 'Overloaded'), { 'retry-after': '1' });
  await expect(chat.lastAnswer).toContainText('Claude is overloaded. Trying again');
  const again = await upstream.nextCall(prompt);
  again.send(wholeAnswer('Recovered.'));
  again.end();
  await expect(chat.lastAnswer).toContainText('Recovered.');
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
});

test('a request that Claude refuses becomes an error with a sentence, and the next question works', async ({
  page,
  pageErrors,
  upstream,
}) => {
  pageErrors.allow(FAILED_REQUEST);
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('bad key');
  await chat.send(prompt);
  (await upstream.nextCall(prompt)).refuse(401, errorBody('authentication_error', 'invalid x-api-key'));
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'failed');
  await expect(chat.lastAnswer).toContainText('Its operator has to check the key.');
  await expect(chat.lastAnswer).toContainText(/Request [0-9a-f-]{36}/);
  await expect(chat.lastAnswer.getByRole('button')).toHaveCount(0);
  const next = 'And now?';
  await chat.send(next);
  // The question that got no answer goes along with the next one.
  const call = await upstream.nextCall(`${prompt}\n\n${next}`);
  expect(call.body.messages.map(({ role }) => role)).toEqual(['user']);
  call.send(wholeAnswer('Fine.'));
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
});
