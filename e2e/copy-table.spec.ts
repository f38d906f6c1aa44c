import type { Locator } from '@playwright/test';
import { ChatPage } from './chat-page';
import { readClipboard, TABLE_HTML, TABLE_TEXT, textBoxOf } from './clipboard';
import { findViolations } from './find-violations';
import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart } from './frames';
import { openAnswer } from './open-answer';
import { promptByHand } from './upstream';

test.beforeEach(({ context }) => context.grantPermissions(['clipboard-read', 'clipboard-write']));

test('a table is copied for spreadsheets and as Markdown, while the answer still grows', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('a table');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Here.\n\n| Side | Area |\n|---|--:|\n| 1 | **1** |\n'));
  const table = chat.lastAnswer.getByRole('table');
  await expect(table).toContainText('1');
  const before = await table.boundingBox();
  await expect(chat.lastAnswer.locator('.table-actions')).toHaveCSS('opacity', '0');
  await table.hover();
  await expect(chat.lastAnswer.locator('.table-actions')).toHaveCSS('opacity', '1');
  expect(await table.boundingBox(), 'nothing moves for it').toEqual(before);
  const copyCells = chat.lastAnswer.getByRole('button', { name: 'Copy table', exact: true });
  await copyCells.click();
  await expect.poll(() => readClipboard(page)).toMatchObject({ 'text/plain': 'Side\tArea\n1\t1' });

  call.send(textDelta('| 2 | 4 |\n\nThere.'));
  await expect(table.getByRole('row')).toHaveCount(3);
  await expect(copyCells).toBeFocused();
  await copyCells.press('Enter');
  await expect
    .poll(() => readClipboard(page))
    .toEqual({ 'text/plain': 'Side\tArea\n1\t1\n2\t4', 'text/html': TABLE_HTML });
  await page.keyboard.press('Tab');
  await expect(chat.lastAnswer.getByRole('button', { name: 'Copy table as Markdown' })).toBeFocused();
  await page.keyboard.press('Enter');
  const markdown = '| Side | Area |\n| --- | ---: |\n| 1 | **1** |\n| 2 | 4 |';
  await expect.poll(() => readClipboard(page)).toEqual({ 'text/plain': markdown });
  expect(await findViolations(page)).toEqual([]);
  call.send(blockStop(), messageEnd());
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
});

test('a table that cannot be copied says so, and moves nothing for it', async ({ page, upstream }) => {
  const { lastAnswer } = await openAnswer(page, upstream, `The first.\n\n${TABLE_TEXT}`);
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  const table = lastAnswer.getByRole('table');
  await table.hover();
  const before = await boxOf(table);
  await lastAnswer.getByRole('button', { name: 'Copy table', exact: true }).click();
  const failure = lastAnswer.getByText('The browser does not allow it');
  await expect(failure).toBeVisible();
  expect(await boxOf(table)).toEqual(before);
  const room = await boxOf(failure);
  expect(room.y + room.height).toBeLessThanOrEqual(before.y);
  expect(room.y).toBeGreaterThan((await lastAnswer.getByRole('paragraph').evaluate(textBoxOf)).bottom - 4);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('the ways to copy a table are always there, in room of their own', async ({ page, upstream }) => {
    const { lastAnswer } = await openAnswer(page, upstream, `The first.\n\n${TABLE_TEXT}`);
    const actions = lastAnswer.locator('.table-actions');
    await expect(actions).toHaveCSS('opacity', '1');
    const room = await boxOf(actions);
    const paragraph = await boxOf(lastAnswer.getByRole('paragraph').first());
    const head = await lastAnswer.getByRole('columnheader').first().evaluate(textBoxOf);
    expect(paragraph.y + paragraph.height).toBeLessThanOrEqual(room.y);
    expect(room.y + room.height).toBeLessThanOrEqual(head.y);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    for (const button of await actions.getByRole('button').all()) {
      expect(await boxOf(button)).toMatchObject({ width: 44, height: 44 });
    }
    await actions.getByRole('button', { name: 'Copy table as Markdown' }).tap();
    await expect.poll(() => readClipboard(page)).toMatchObject({ 'text/plain': expect.stringContaining('| 2 | 4 |') });
    expect(await findViolations(page)).toEqual([]);
  });
});

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error('it is not shown');
  return box;
}
