import { text } from 'node:stream/consumers';
import type { Locator, Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { findViolations } from './find-violations';
import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart, thinkingDelta, thinkingStart } from './frames';
import { FAILED_REQUEST } from './page-errors';
import { startRivulet } from './rivulet-server';
import { promptByHand } from './upstream';

const PAPER = { light: 'rgb(248, 246, 241)', dark: 'rgb(18, 22, 21)' };
const LINES = Array.from({ length: 60 }, (_, line) => `Line ${line + 1} of a long answer.\n\n`);

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Settings' });
const paperOf = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const rootSize = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
const distanceFromEnd = (page: Page) =>
  page
    .getByRole('region', { name: 'Messages' })
    .evaluate((box) => Math.round(box.scrollHeight - box.clientHeight - box.scrollTop));

async function openSettings(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(dialogOf(page)).toBeVisible();
  return dialogOf(page);
}

test('a theme and a text size hold at once, in every tab, and before the first paint of the next page', async ({
  page,
  context,
  pageErrors,
}) => {
  pageErrors.allow(FAILED_REQUEST);
  await ChatPage.open(page);
  const other = await context.newPage();
  await ChatPage.open(other);
  const dialog = await openSettings(page);
  await dialog.getByRole('radio', { name: 'Dark' }).check();
  await dialog.getByRole('radio', { name: 'Larger' }).check();
  for (const each of [page, other]) {
    await expect.poll(() => paperOf(each)).toBe(PAPER.dark);
    await expect.poll(() => rootSize(each)).toBe('20px');
    const metas = each.locator('meta[name="theme-color"]');
    expect(await metas.evaluateAll((all) => all.map((meta) => meta.getAttribute('media')))).toEqual(['not all', 'all']);
  }

  // Without any of our scripts but the one within the page.
  await page.route('**/_next/**/*.js', (route) => route.abort());
  await page.goto('/', { waitUntil: 'domcontentloaded' });
  expect([await paperOf(page), await rootSize(page)]).toEqual([PAPER.dark, '20px']);
  await expect(page.locator('meta[name="theme-color"]')).toHaveCount(2);
  await page.unrouteAll();
});

test('a page whose theme was chosen is hydrated without a word, and follows the system again when it is to', async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.addInitScript(() => {
    if (!localStorage.getItem('rivulet/preferences'))
      localStorage.setItem('rivulet/preferences', '{"theme":"light","thinking":"open","sendKey":"modified"}');
  });
  await ChatPage.open(page);
  expect(await paperOf(page)).toBe(PAPER.light);
  await expect(page.locator('meta[name="theme-color"]')).toHaveCount(2);
  const dialog = await openSettings(page);
  await dialog.getByRole('radio', { name: 'System' }).check();
  expect(await paperOf(page)).toBe(PAPER.dark);
});

test('what is chosen for new chats is kept, and only what the model takes is offered', async ({ page }) => {
  const server = await startRivulet({ MODELS: 'claude-sonnet-5-5,claude-haiku-4-5' });
  await ChatPage.open(page, server.url);
  const dialog = await openSettings(page);
  await dialog.getByRole('combobox', { name: 'Effort' }).selectOption('High');
  await dialog.getByRole('group', { name: 'Think first' }).getByRole('radio', { name: 'Off' }).check();
  await dialog.getByRole('textbox', { name: 'Instructions' }).fill('Be brief.');
  await page.reload();
  await openSettings(page);
  await expect(dialog.getByRole('combobox', { name: 'Effort' })).toHaveValue('high');
  await expect(dialog.getByRole('radio', { name: 'Off' })).toBeChecked();
  await expect(dialog.getByRole('textbox', { name: 'Instructions' })).toHaveValue('Be brief.');
  await dialog.getByRole('radio', { name: 'Claude Haiku 4.5' }).check();
  await expect(dialog.getByRole('combobox', { name: 'Effort' })).toHaveCount(0);
  expect(await page.evaluate(() => JSON.parse(localStorage.getItem('rivulet/preferences') ?? ''))).toMatchObject({
    model: 'claude-haiku-4-5',
    effort: null,
    system: 'Be brief.',
  });
  await server.stop();
});

test('the settings are used by keyboard alone, and give the focus back', async ({ page }) => {
  await ChatPage.open(page);
  const button = page.getByRole('button', { name: 'Settings' });
  await button.focus();
  await page.keyboard.press('Enter');
  const theme = dialogOf(page).getByRole('radio', { name: 'System' });
  await expect(dialogOf(page)).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(theme).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(dialogOf(page).getByRole('radio', { name: 'Light' })).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(dialogOf(page)).toBeHidden();
  await expect(button).toBeFocused();
});

test('everything is as at first after a reset, and as before after its undoing', async ({ page }) => {
  await ChatPage.open(page);
  const dialog = await openSettings(page);
  const reset = dialog.getByRole('button', { name: 'Reset settings' });
  await expect(reset).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByRole('radio', { name: 'Dark' }).check();
  await dialog.getByRole('textbox', { name: 'Instructions' }).fill('Be brief.');
  await reset.click();
  await expect(dialog.getByRole('radio', { name: 'System' })).toBeChecked();
  await expect(dialog.getByRole('textbox', { name: 'Instructions' })).toHaveValue('');
  const undo = dialog.getByRole('button', { name: 'Undo' });
  await expect(undo).toBeFocused();
  await undo.click();
  await expect(dialog.getByRole('textbox', { name: 'Instructions' })).toHaveValue('Be brief.');
  expect(await paperOf(page)).toBe(PAPER.dark);
});

test('where the browser keeps nothing the settings hold for the page, and say so', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'localStorage', {
      get: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    });
  });
  await ChatPage.open(page);
  const dialog = await openSettings(page);
  await dialog.getByRole('radio', { name: 'Dark' }).check();
  expect(await paperOf(page)).toBe(PAPER.dark);
  await expect(dialog.getByText('does not let Rivulet save settings')).toBeVisible();
});

test('all chats are exported from the settings', async ({ page }) => {
  const chat = await ChatPage.open(page);
  await chat.send('A chat to take along');
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  const dialog = await openSettings(page);
  await expect(dialog.getByText(/They take (about|less than)/)).toBeVisible();
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Export all chats' }).click();
  expect(await text(await (await download).createReadStream())).toContain('A chat to take along');
});

test('with Ctrl+Enter to send, Enter breaks the line, and the composer says how', async ({ page }) => {
  const chat = await ChatPage.open(page);
  await expect(chat.composer).toHaveAccessibleDescription(/^Enter sends/);
  const dialog = await openSettings(page);
  await dialog.getByRole('radio', { name: 'Ctrl+Enter' }).check();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Ctrl+Enter sends')).toBeVisible();
  await expect(chat.composer).toHaveAccessibleDescription('Ctrl+Enter sends');
  await chat.composer.pressSequentially('one');
  await chat.composer.press('Enter');
  await chat.composer.pressSequentially('two');
  await expect(chat.composer).toHaveValue('one\ntwo');
  await expect(chat.answers).toHaveCount(0);
  await chat.composer.press('Control+Enter');
  await expect(chat.lastQuestion).toHaveText('one\ntwo');
});

test('thinking is open, folded or hidden, and a reader at the end stays there when that changes', async ({
  page,
  context,
  upstream,
}) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('thinking');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), thinkingStart(0), ...LINES.map((line) => thinkingDelta(`Thought: ${line}`, 0)));
  await expect(page.getByRole('button', { name: 'Thinking…' })).toHaveAttribute('aria-expanded', 'false');

  const other = await context.newPage();
  await ChatPage.open(other);
  const dialog = await openSettings(other);
  await dialog.getByRole('radio', { name: 'Hidden' }).check();
  await expect(page.getByRole('button', { name: 'Thinking…' })).toHaveCount(0);
  await expect(page.getByText('Thinking…')).toBeVisible();
  await dialog.getByRole('radio', { name: 'Open' }).check();
  await expect(page.getByText('Thought: Line 60')).toBeVisible();
  await expect.poll(() => distanceFromEnd(page)).toBeLessThan(4);

  call.send(blockStop(0), textStart(1), ...LINES.map((line) => textDelta(line, 1)));
  await expect(chat.lastAnswer).toContainText('Line 60 of a long answer.');
  await expect.poll(() => distanceFromEnd(page)).toBeLessThan(4);
  await dialog.getByRole('radio', { name: 'Folded' }).check();
  await expect(page.getByText('Thought: Line 60')).toBeHidden();
  await expect.poll(() => distanceFromEnd(page)).toBeLessThan(4);

  call.send(blockStop(1), messageEnd());
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the settings, in ${colorScheme} colours chosen against the system`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: colorScheme === 'dark' ? 'light' : 'dark', reducedMotion: 'reduce' });
    await ChatPage.open(page);
    const dialog = await openSettings(page);
    await dialog.getByRole('radio', { name: colorScheme === 'dark' ? 'Dark' : 'Light' }).check();
    await expect.poll(() => paperOf(page)).toBe(PAPER[colorScheme]);
    expect(await findViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'New prompt' }).click();
    expect(await findViolations(page)).toEqual([]);
  });
}

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test('the settings are a sheet behind the list of chats, and fit with the largest text', async ({ page }) => {
    await ChatPage.open(page);
    await page.getByRole('button', { name: 'Chats' }).tap();
    const dialog = await openSettings(page);
    await dialog.getByRole('radio', { name: 'Larger' }).check();
    const { y = 0, height = 0, width } = (await dialog.boundingBox()) ?? {};
    expect([Math.round(y + height), width]).toEqual([844, 390]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await dialog.evaluate((box) => box.scrollWidth <= box.clientWidth)).toBe(true);
    for (const radio of await dialog.locator('.choice label').all()) {
      expect((await radio.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    }
    expect(await findViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Close' }).tap();
    await expect(page.getByRole('dialog', { name: 'Chats' }).getByRole('button', { name: 'Settings' })).toBeFocused();
  });
});
