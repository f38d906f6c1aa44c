import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { messageStart, textDelta, textStart } from './frames';
import { promptByHand } from './upstream';

test('Shift+Enter breaks the line and the box grows with its text', async ({ page }) => {
  const chat = await ChatPage.open(page);
  const before = (await chat.composer.boundingBox())?.height ?? 0;
  await chat.composer.pressSequentially('one');
  await chat.composer.press('Shift+Enter');
  await chat.composer.pressSequentially('two');
  await expect(chat.composer).toHaveValue('one\ntwo');
  expect((await chat.composer.boundingBox())?.height).toBeGreaterThan(before);
  await expect(chat.answers).toHaveCount(0);
});

test('Enter that ends an input method’s composition does not send', async ({ page }) => {
  const chat = await ChatPage.open(page);
  await chat.composer.fill('にほん');
  // Safari reports this Enter after the composition has ended, as key 229.
  for (const init of [{ isComposing: true }, { keyCode: 229 }]) {
    await chat.composer.evaluate((element, fields) => {
      element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...fields }));
    }, init);
  }
  await expect(chat.composer).toHaveValue('にほん');
  await expect(chat.answers).toHaveCount(0);
});

test('what is half written while an answer runs is left alone by its end', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('draft');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Half'));
  await expect(chat.lastAnswer).toContainText('Half');
  await chat.composer.pressSequentially('my next question');
  await page.keyboard.press('Escape');
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'stopped');
  await expect(chat.composer).toHaveValue('my next question');
  await expect(chat.sendButton).toBeEnabled();
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test('Enter breaks the line and the button sends', async ({ page, upstream }) => {
    const chat = await ChatPage.open(page);
    const prompt = promptByHand('phone');
    await chat.composer.fill(prompt);
    await chat.composer.press('Enter');
    await expect(chat.composer).toHaveValue(`${prompt}\n`);
    await chat.sendButton.tap();
    const call = await upstream.nextCall(prompt);
    call.send(messageStart(), textStart(), textDelta('Over the air'));
    await expect(chat.lastAnswer).toContainText('Over the air');
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(390);
  });
});
