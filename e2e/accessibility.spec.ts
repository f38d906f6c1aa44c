import { readAnswer } from '@/lib/demo/answers';
import { ChatPage } from './chat-page';
import { findViolations } from './find-violations';
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
} from './frames';
import { FAILED_REQUEST } from './page-errors';
import { promptByHand } from './upstream';

test('axe finds nothing on the way from the empty screen to a finished answer', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  expect(await findViolations(page)).toEqual([]);
  const prompt = promptByHand('axe');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), thinkingStart(0), thinkingDelta('Hm.', 0));
  await page.getByRole('button', { name: 'Thinking…' }).click();
  expect(await findViolations(page)).toEqual([]);
  call.send(blockStop(0), textStart(1), textDelta(readAnswer('guide'), 1));
  await expect(chat.lastAnswer.getByRole('table').first()).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
  call.send(blockStop(1), messageEnd('max_tokens'));
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  expect(await findViolations(page)).toEqual([]);
});

test('axe finds nothing in an interrupted answer, a failed one and a retried one', async ({
  page,
  pageErrors,
  upstream,
}) => {
  pageErrors.allow(FAILED_REQUEST);
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('axe broken');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Half an ans'));
  await expect(chat.lastAnswer).toContainText('Half an ans');
  call.reset();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'interrupted');
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Retry' }).click();
  (await upstream.nextCall(prompt)).refuse(400, errorBody('invalid_request_error', 'prompt is too long'));
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'failed');
  await expect(chat.lastAnswer).toContainText('too long for the model');
  await page.getByRole('button', { name: 'Edit' }).last().click();
  await expect(chat.editor).toBeFocused();
  expect(await findViolations(page)).toEqual([]);
  await chat.editor.press('Escape');
  await page.getByRole('button', { name: 'Previous version' }).click();
  await expect(chat.lastAnswer).toContainText('Half an ans');
  await page.getByRole('button', { name: 'More about this answer' }).click();
  await expect(page.getByRole('menuitem', { name: 'Delete' })).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
});

test('axe finds nothing in the list of chats, over a conversation and beside it', async ({ page, upstream }) => {
  await page.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }));
  const chat = await ChatPage.open(page);
  await chat.send('A chat that is over');
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await page.getByRole('button', { name: 'New chat' }).click();
  const prompt = promptByHand('A chat that is not');
  await chat.send(prompt);
  (await upstream.nextCall(prompt)).send(messageStart(), textStart(), textDelta('Half an ans'));
  await expect(chat.lastAnswer).toContainText('Half an ans');
  await expect(page.getByRole('alert').filter({ hasText: 'does not let' })).toBeVisible();
  expect(await findViolations(page)).toEqual([]);

  const row = page.getByRole('navigation', { name: 'Chats' }).getByRole('listitem').last();
  await row.hover();
  await row.getByRole('button', { name: 'Rename' }).click();
  expect(await findViolations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'Chats' }).click();
  await expect(page.getByRole('dialog', { name: 'Chats' })).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
  await row.hover();
  await row.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
});

test('axe finds nothing where a chat is missing', async ({ page }) => {
  await page.goto(`/chat/${'a'.repeat(22)}`);
  await expect(page.getByRole('heading', { name: 'This chat is not in this browser' })).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
});
