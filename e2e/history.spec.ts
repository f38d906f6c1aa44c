import type { Locator, Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart } from './frames';
import { promptByHand } from './upstream';
import type { UpstreamCall } from './upstream-call';

const listOf = (page: Page) => page.getByRole('navigation', { name: 'Chats' });
const rowOf = (page: Page, title: string) => listOf(page).getByRole('listitem').filter({ hasText: title });

async function press(row: Locator, button: 'Rename' | 'Delete'): Promise<void> {
  await row.hover();
  await row.getByRole('button', { name: button }).click();
}

/** A finished chat of one turn. */
async function hold(chat: ChatPage, question: string): Promise<void> {
  await chat.send(question);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
}

test('a chat is in the list at once, under its first words, and is opened from there', async ({ page }) => {
  const chat = await ChatPage.open(page);
  await hold(chat, 'What is a rivulet?');
  const url = page.url();
  expect(url).toMatch(/\/chat\/[\w-]{22}$/);
  await page.getByRole('button', { name: 'New chat' }).click();
  await hold(chat, 'And what is a brook?');
  await expect(listOf(page).getByRole('heading')).toHaveText(['Today']);
  await expect(listOf(page).getByRole('link')).toHaveText(['And what is a brook?', 'What is a rivulet?']);
  await expect(listOf(page).getByRole('link', { name: 'brook' })).toHaveAttribute('aria-current', 'page');

  await listOf(page).getByRole('link', { name: 'rivulet' }).click();
  await expect(chat.lastQuestion).toHaveText('What is a rivulet?');
  expect(page.url()).toBe(url);
  await page.reload();
  await expect(chat.lastQuestion).toHaveText('What is a rivulet?');
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
});

test('back and forward go from chat to chat, and the words go on meanwhile', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  await hold(chat, 'The first');
  await page.getByRole('button', { name: 'New chat' }).click();
  const prompt = promptByHand('the second');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Half'));
  await expect(chat.lastAnswer).toContainText('Half');
  const composer = await chat.composer.elementHandle();

  await page.goBack();
  await expect(page.getByRole('heading', { name: 'What would you like to know?' })).toBeVisible();
  await page.goBack();
  await expect(chat.lastQuestion).toHaveText('The first');
  await expect(rowOf(page, 'the second').getByText('(answering)')).toBeAttached();
  call.send(textDelta(' and half.'));
  await page.goForward();
  await page.goForward();
  await expect(chat.lastAnswer).toContainText('Half and half.');
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'streaming');
  call.send(blockStop(), messageEnd());
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  // One page all the time.
  expect(await composer?.evaluate((element) => element.isConnected)).toBe(true);
  expect(upstream.calls).toHaveLength(2);
});

test('an answer that ended while another chat was shown is stored whole', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('unseen');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Half'));
  await expect(chat.lastAnswer).toContainText('Half');
  const url = page.url();
  await page.getByRole('button', { name: 'New chat' }).click();
  call.send(textDelta(' and half.'), blockStop(), messageEnd());
  call.end();
  await expect(rowOf(page, 'unseen').getByText('(answering)')).toHaveCount(0);
  // What was not stored by now is lost: the server is not asked any more.
  await page.route('**/api/chat/*', (route) => route.abort());
  await page.goto(url);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(chat.lastAnswer).toContainText('Half and half.');
});

test('two answers that were running go on after a reload, whichever chat is shown', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const calls = new Map<string, UpstreamCall>();
  for (const name of ['one', 'other']) {
    const prompt = promptByHand(name);
    await chat.send(prompt);
    const call = await upstream.nextCall(prompt);
    call.send(messageStart(), textStart(), textDelta(`Half of ${name}`));
    await expect(chat.lastAnswer).toContainText(`Half of ${name}`);
    calls.set(name, call);
    await page.getByRole('button', { name: 'New chat' }).click();
  }
  await page.reload();
  await expect(listOf(page).getByText('(answering)')).toHaveCount(2);
  for (const call of calls.values()) {
    call.send(textDelta(', and half.'), blockStop(), messageEnd());
    call.end();
  }
  await expect(listOf(page).getByText('(answering)')).toHaveCount(0);
  for (const name of calls.keys()) {
    await listOf(page)
      .getByRole('link', { name: `hand: ${name}` })
      .click();
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
    await expect(chat.lastAnswer).toContainText(`Half of ${name}, and half.`);
  }
  expect(upstream.calls).toHaveLength(2);
});

test('G8 · each chat keeps its draft, also over a reload', async ({ page }) => {
  const chat = await ChatPage.open(page);
  await chat.composer.fill('Not begun yet');
  await page.reload();
  await expect(chat.composer).toHaveValue('Not begun yet');
  await chat.composer.fill('');
  await hold(chat, 'The first');
  await chat.composer.fill('A second thought');
  await page.getByRole('button', { name: 'New chat' }).click();
  await expect(chat.composer).toHaveValue('');
  await chat.composer.fill('Another chat');
  await listOf(page).getByRole('link', { name: 'The first' }).click();
  await expect(chat.composer).toHaveValue('A second thought');
  await page.reload();
  await expect(chat.composer).toHaveValue('A second thought');
  await page.getByRole('button', { name: 'New chat' }).click();
  await expect(chat.composer).toHaveValue('Another chat');
});

test('a chat can be renamed, and keeps its name', async ({ page }) => {
  const chat = await ChatPage.open(page);
  await hold(chat, 'The first');
  await press(rowOf(page, 'The first'), 'Rename');
  const field = listOf(page).getByRole('textbox', { name: 'Title' });
  await expect(field).toBeFocused();
  await field.fill('Waters');
  await field.press('Escape');
  await expect(listOf(page).getByRole('link')).toHaveText('The first');
  await press(rowOf(page, 'The first'), 'Rename');
  await field.fill('Waters');
  await field.press('Enter');
  await expect(listOf(page).getByRole('link')).toHaveText('Waters');
  await hold(chat, 'And more');
  await page.reload();
  await expect(listOf(page).getByRole('link')).toHaveText('Waters');
});

test('a chat that is deleted is gone at once, and can be brought back as long as the page says so', async ({
  page,
}) => {
  const chat = await ChatPage.open(page);
  await hold(chat, 'The first');
  const url = page.url();
  await press(rowOf(page, 'The first'), 'Delete');
  await expect(listOf(page).getByRole('link')).toHaveCount(0);
  await expect(chat.answers).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(chat.lastQuestion).toHaveText('The first');
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');

  await press(rowOf(page, 'The first'), 'Delete');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0);
  await page.goto(url);
  await expect(page.getByRole('heading', { name: 'This chat is not in this browser' })).toBeVisible();
  await page.getByRole('button', { name: 'Begin a new one' }).click();
  await hold(chat, 'Another one');
});

test('by keyboard a chat is renamed and deleted, and the way back is at hand', async ({ page }) => {
  const chat = await ChatPage.open(page);
  await hold(chat, 'The first');
  const link = listOf(page).getByRole('link');
  await link.focus();
  await link.press('F2');
  await page.keyboard.type('Waters');
  await page.keyboard.press('Enter');
  await expect(link).toHaveText('Waters');
  await expect(link).toBeFocused();
  await link.press('Delete');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(link).toHaveText('Waters');
  await expect(chat.composer).toBeFocused();
});

test('back and forward need no server, also after a reload', async ({ page, context, pageErrors }) => {
  pageErrors.allow(/ERR_INTERNET_DISCONNECTED/);
  const chat = await ChatPage.open(page);
  await hold(chat, 'The first');
  await page.getByRole('button', { name: 'New chat' }).click();
  await hold(chat, 'The second');
  await page.reload();
  await expect(chat.lastQuestion).toHaveText('The second');
  await context.setOffline(true);
  await page.goBack();
  await page.goBack();
  await expect(chat.lastQuestion).toHaveText('The first');
  await page.goForward();
  await page.goForward();
  await expect(chat.lastQuestion).toHaveText('The second');
});

test('a question that is asked where a chat is missing begins a new one', async ({ page }) => {
  await page.goto(`/chat/${'a'.repeat(22)}`);
  await page.getByRole('heading', { name: 'This chat is not in this browser' }).waitFor();
  const chat = ChatPage.at(page);
  await hold(chat, 'Then a new one');
  await expect(listOf(page).getByRole('link')).toHaveText('Then a new one');
  expect(page.url()).not.toContain('aaaa');
});

test('the chosen model is chosen again after a reload', async ({ page }) => {
  await ChatPage.open(page);
  const model = page.getByRole('combobox', { name: 'Model' });
  await model.selectOption({ label: 'Haiku 5.5' });
  await page.reload();
  await expect(model).toHaveValue('claude-haiku-5-5');
});

test('on a phone the chats are behind a button', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const chat = await ChatPage.open(page);
  await hold(chat, 'The first');
  await page.getByRole('button', { name: 'New chat' }).click();
  await expect(listOf(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Chats' }).click();
  await expect(listOf(page).getByRole('link')).toHaveText('The first');
  await page.keyboard.press('Escape');
  await expect(listOf(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Chats' }).click();
  await listOf(page).getByRole('link').click();
  await expect(listOf(page)).toHaveCount(0);
  await expect(chat.lastQuestion).toHaveText('The first');
});
