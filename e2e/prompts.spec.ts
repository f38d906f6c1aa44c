import type { Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { findViolations } from './find-violations';
import { expect, test } from './fixtures';

const listOf = (page: Page) => page.getByRole('listbox', { name: 'Prompts' });
const optionsOf = (page: Page) => listOf(page).getByRole('option');

async function openLibrary(page: Page) {
  await page.getByRole('button', { name: 'Prompts' }).click();
  await page.getByRole('button', { name: 'Edit prompts' }).click();
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await expect(dialog.getByRole('heading', { name: 'Prompts' })).toBeInViewport();
  return dialog;
}

async function addPrompt(page: Page, name: string, text: string): Promise<void> {
  const dialog = await openLibrary(page);
  await dialog.getByRole('button', { name: 'New prompt' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByRole('textbox', { name: 'Text', exact: true }).fill(text);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(dialog.getByRole('button', { name: `Edit ${name}` })).toBeFocused();
  await page.keyboard.press('Escape');
}

test('a slash at the beginning of a line lists the prompts, what follows narrows the list, and Enter inserts', async ({
  page,
}) => {
  const chat = await ChatPage.open(page);
  await chat.composer.pressSequentially('/');
  await expect(optionsOf(page)).toHaveText([/^Explain/, /^Improve/, /^Review/, /^Summarize/, /^Translate/]);
  await chat.composer.press('ArrowUp');
  const last = optionsOf(page).last();
  await expect(last).toHaveAttribute('aria-selected', 'true');
  expect(await chat.composer.getAttribute('aria-activedescendant')).toBe(await last.getAttribute('id'));
  await chat.composer.pressSequentially('re');
  await expect(optionsOf(page)).toHaveText([/^Review code/]);
  await chat.composer.press('Backspace');
  await chat.composer.press('Backspace');
  await chat.composer.pressSequentially('tra');
  await chat.composer.press('Enter');
  await expect(chat.composer).toHaveValue('Translate this into {{language}}. Keep the form.\n\n{{text}}');
  await expect(listOf(page)).toBeHidden();
  await page.keyboard.type('French');
  await expect(chat.composer).toHaveValue('Translate this into French. Keep the form.\n\n{{text}}');
  await expect(chat.answers).toHaveCount(0);
});

test('a slash elsewhere is a slash, and one whose list was closed is sent as it is', async ({ page }) => {
  const chat = await ChatPage.open(page);
  await chat.composer.pressSequentially('and/or');
  await expect(listOf(page)).toBeHidden();
  await chat.composer.fill('');
  await chat.composer.pressSequentially('/e');
  await expect(listOf(page)).toBeVisible();
  await chat.composer.press('Escape');
  await chat.composer.pressSequentially('x');
  await expect(listOf(page)).toBeHidden();
  await chat.composer.press('Enter');
  await expect(chat.lastQuestion).toHaveText('/ex');
});

test('a prompt that is added is there after a reload, in the other tab, and by its text alone', async ({
  page,
  context,
}) => {
  const chat = await ChatPage.open(page);
  const other = await context.newPage();
  const there = await ChatPage.open(other);
  await there.composer.pressSequentially('/');
  await expect(optionsOf(other)).toHaveCount(5);
  await addPrompt(page, 'A letter', 'Write a letter to {{whom}}.');
  await expect(optionsOf(other).first()).toHaveText(/^A letter/);
  await page.reload();
  await chat.composer.click();
  await expect(async () => {
    await chat.composer.fill('');
    await chat.composer.pressSequentially('/let');
    await expect(optionsOf(page)).toHaveText([/^A letter/], { timeout: 500 });
  }).toPass();
  await optionsOf(page).first().click();
  await expect(chat.composer).toHaveValue('Write a letter to {{whom}}.');
  await expect(chat.composer).toBeFocused();
});

test('a prompt is changed while it is typed, deleted, and brought back', async ({ page }) => {
  const chat = await ChatPage.open(page);
  let dialog = await openLibrary(page);
  await dialog.getByRole('button', { name: 'Edit Summarize' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Sum up');
  await dialog.getByRole('textbox', { name: 'Text', exact: true }).fill('In one sentence.');
  // No button was pressed: what was typed holds all the same.
  await page.keyboard.press('Escape');
  dialog = await openLibrary(page);
  await expect(dialog.getByRole('button', { name: 'Edit Summarize' })).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Delete Sum up' }).click();
  await expect(dialog.getByRole('button', { name: 'Edit Sum up' })).toHaveCount(0);
  const undo = dialog.getByRole('button', { name: 'Undo' });
  await expect(undo).toBeFocused();
  await undo.click();
  await expect(dialog.getByRole('button', { name: 'Edit Sum up' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Delete Sum up' }).click();
  await page.reload();
  await expect(async () => {
    await chat.composer.fill('');
    await chat.composer.pressSequentially('/');
    await expect(optionsOf(page)).toHaveCount(4, { timeout: 500 });
  }).toPass();
});

test('a prompt that a full store does not take stays as long as the page does, and that is said', async ({ page }) => {
  await page.addInitScript(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...record) {
      if (this.name === 'prompts') throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this, record);
    };
  });
  const chat = await ChatPage.open(page);
  const dialog = await openLibrary(page);
  await dialog.getByRole('button', { name: 'New prompt' }).click();
  await dialog.getByRole('textbox', { name: 'Text', exact: true }).fill('Write a letter to {{whom}}.');
  await expect(dialog.getByRole('alert')).toHaveText(/^This browser could not save your prompts\./);
  expect(await findViolations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await chat.composer.fill('/write');
  await expect(optionsOf(page)).toHaveText([/^Write a letter/]);
  await chat.composer.press('Enter');
  await expect(chat.composer).toHaveValue('Write a letter to {{whom}}.');
});

test('who comes from the settings goes on typing in the composer', async ({ page }) => {
  const chat = await ChatPage.open(page);
  await chat.composer.fill('Half');
  const dialog = await openLibrary(page);
  await dialog.getByRole('button', { name: 'New prompt' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(chat.composer).toBeFocused();
  await page.keyboard.type(' a question');
  await expect(chat.composer).toHaveValue('Half a question');
});

test('what is in the composer is saved as a prompt', async ({ page }) => {
  const chat = await ChatPage.open(page);
  await chat.composer.fill('Answer as a lighthouse keeper would.');
  await page.getByRole('button', { name: 'Prompts' }).click();
  await page.getByRole('button', { name: 'Save as prompt' }).click();
  await expect(optionsOf(page).filter({ hasText: 'Answer as a lighthouse keeper' })).toHaveCount(1);
  await expect(page.locator('[aria-live]').filter({ hasText: 'Saved as' })).toHaveCount(1);
  await expect(chat.composer).toHaveValue('Answer as a lighthouse keeper would.');
  await expect(chat.composer).toBeFocused();
});

test('axe finds nothing in the list of prompts', async ({ page }) => {
  const chat = await ChatPage.open(page);
  await chat.composer.pressSequentially('/');
  await expect(optionsOf(page)).toHaveCount(5);
  expect(await findViolations(page)).toEqual([]);
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test('a prompt is inserted by touch', async ({ page }) => {
    const chat = await ChatPage.open(page);
    await page.getByRole('button', { name: 'Prompts' }).tap();
    await expect(optionsOf(page)).toHaveCount(5);
    for (const option of await optionsOf(page).all()) {
      expect((await option.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    }
    await optionsOf(page).filter({ hasText: 'Explain' }).tap();
    await expect(chat.composer).toHaveValue(/^Explain \{\{topic\}\}/);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});
