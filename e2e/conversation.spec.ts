import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart, thinkingDelta, thinkingStart } from './frames';
import { promptByHand } from './upstream';

test('an answer grows word by word and becomes one message when Claude ends it', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('one answer');
  await chat.send(prompt);
  await expect(chat.lastQuestion).toHaveText(prompt);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'streaming');
  await expect(page.getByRole('status')).toHaveText('Claude is answering.');

  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Hello, '));
  await expect(chat.lastAnswer).toContainText('Hello,');
  await expect(chat.lastAnswer.getByRole('button', { name: 'Copy message' })).toHaveCount(0);
  call.send(textDelta('**world**.'));
  await expect(chat.lastAnswer.locator('strong')).toHaveText('world');
  const shown = await chat.lastAnswer.locator('strong').elementHandle();
  call.send(blockStop(), messageEnd('end_turn', 1234));
  call.end();

  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(chat.lastAnswer).toContainText('first token');
  await expect(chat.lastAnswer).toContainText('15 tokens in');
  await expect(chat.lastAnswer).toContainText('1,234 out');
  await expect(chat.lastAnswer).toContainText('3 from cache');
  await expect(page.getByRole('status')).toHaveText('The answer is complete.');
  expect(await shown?.evaluate((element) => element.isConnected)).toBe(true);
});

test('each turn tells Claude the turns before it, without thinking', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const first = promptByHand('first turn');
  await chat.send(first);
  const firstCall = await upstream.nextCall(first);
  firstCall.send(messageStart(), thinkingStart(0), thinkingDelta('Secret musing.', 0), blockStop(0));
  firstCall.send(textStart(1), textDelta('First answer.', 1), blockStop(1), messageEnd());
  firstCall.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');

  const second = promptByHand('second turn');
  await chat.send(second);
  const secondCall = await upstream.nextCall(second);
  expect(secondCall.body.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  expect(secondCall.texts).toEqual([first, 'First answer.', second]);
  secondCall.send(messageStart(), textStart(), textDelta('Second answer.'), blockStop(), messageEnd());
  secondCall.end();
  await expect(chat.answers).toHaveCount(2);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(chat.answers.first()).toContainText('First answer.');
});

test('thinking is folded away while it runs and says afterwards how long it took', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('thinking');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), thinkingStart(0), thinkingDelta('Let me see.', 0));
  const thinking = page.getByRole('button', { name: 'Thinking…' });
  await expect(thinking).toHaveAttribute('aria-expanded', 'false');
  await expect(page.getByText('Let me see.')).toBeHidden();
  await thinking.click();
  await expect(page.getByText('Let me see.')).toBeVisible();

  call.send(thinkingDelta(' Done.', 0), blockStop(0), textStart(1), textDelta('Here it is.', 1));
  const thought = page.getByRole('button', { name: /^Thought for \d+ s$/ });
  await expect(thought).toHaveAttribute('aria-expanded', 'true');
  await expect(page.getByText('Let me see. Done.')).toBeVisible();
  await thought.click();
  await expect(page.getByText('Let me see. Done.')).toBeHidden();
  call.send(blockStop(1), messageEnd());
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
});

test('the chosen model is the one that is asked', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Haiku 5.5' });
  const prompt = promptByHand('model');
  await chat.send(prompt);
  expect((await upstream.nextCall(prompt)).body.model).toBe('claude-haiku-5-5');
});

test('a new chat begins empty, and the answer before it goes on', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('left behind');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Half'));
  await expect(chat.lastAnswer).toContainText('Half');
  await page.getByRole('button', { name: 'New chat' }).click();
  await expect(chat.answers).toHaveCount(0);
  await expect(chat.composer).toBeFocused();
  call.send(textDelta(' and half.'), blockStop(), messageEnd());
  call.end();
  await page.goBack();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(chat.lastAnswer).toContainText('Half and half.');
});

test('an answer that cannot be rendered is plain text, and the page around it lives on', async ({
  page,
  pageErrors,
  upstream,
}) => {
  // React reports what the boundary has caught.
  pageErrors.allow(/Maximum call stack size exceeded/);
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('too deep');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta(`${'> '.repeat(5000)}the bottom`), blockStop(), messageEnd());
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(chat.lastAnswer).toContainText('> > the bottom');

  const next = promptByHand('after that');
  await chat.send(next);
  const nextCall = await upstream.nextCall(next);
  nextCall.send(messageStart(), textStart(), textDelta('**Fine.**'), blockStop(), messageEnd());
  nextCall.end();
  await expect(chat.lastAnswer.locator('strong')).toHaveText('Fine.');
});

test('a double click on Send sends once and stops nothing', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('double click');
  await chat.composer.fill(prompt);
  await chat.sendButton.dblclick();
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Here.'), blockStop(), messageEnd());
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  expect(upstream.calls).toHaveLength(1);
});

test('a message and a block of code can be copied', async ({ page, context, upstream }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('copy');
  const answer = 'Try:\n\n```ts\nconst one = 1;\n```';
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta(answer), blockStop(), messageEnd());
  call.end();
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('button', { name: 'Copy code' }).click();
  await expect.poll(clipboard).toBe('const one = 1;');
  await page.getByRole('button', { name: 'Copy message' }).click();
  await expect.poll(clipboard).toBe(answer);
});
