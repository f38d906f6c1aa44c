import type { Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart } from './frames';
import { promptByHand, type Upstream } from './upstream';

/** Where there is no room the settings are behind the chats. */
const SCREENS = [
  { screen: 'a desktop', use: {}, way: ['Settings'] },
  {
    screen: 'a phone',
    use: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true },
    way: ['Chats', 'Settings'],
  },
];

type Shown = { title: string; body: string | undefined };

declare global {
  interface Window {
    shown: Shown[];
    press: () => void;
    asked: number;
    /** How far the clock of the page is ahead. */
    lateMs: number;
  }
}

/** A browser whose person answers like this; what it shows is kept. The tab is hidden when it is told to be. */
async function standIn(page: Page, answer: NotificationPermission): Promise<void> {
  await page.addInitScript((given) => {
    window.shown = [];
    window.asked = 0;
    window.lateMs = 0;
    const now = Date.now;
    Date.now = () => now() + window.lateMs;
    class StandIn extends EventTarget {
      static permission: NotificationPermission = 'default';
      static requestPermission = async () => {
        window.asked += 1;
        StandIn.permission = given;
        return given;
      };
      onclick: (() => void) | null = null;
      constructor(title: string, options?: NotificationOptions) {
        super();
        window.shown.push({ title, body: options?.body });
        window.press = () => this.onclick?.();
      }
      close() {}
    }
    Object.defineProperty(globalThis, 'Notification', { value: StandIn, configurable: true });
  }, answer);
}

async function switchOn(page: Page, way: readonly string[] = ['Settings']): Promise<void> {
  for (const name of way) await page.getByRole('button', { name }).click();
  await page.getByRole('switch', { name: 'Notify me' }).click();
}

const hide = (page: Page, isHidden: boolean) =>
  page.evaluate((hidden) => Object.defineProperty(document, 'hidden', { value: hidden, configurable: true }), isHidden);

/** Asks, lets the page's clock pass as long as the answer takes, and ends it. */
async function holdLong(page: Page, upstream: Upstream) {
  const chat = ChatPage.at(page);
  const prompt = promptByHand('a long one');
  await chat.composer.fill(prompt);
  await chat.sendButton.click();
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('A secret word'));
  await expect(chat.lastAnswer).toContainText('A secret word');
  await page.evaluate(() => {
    window.lateMs += 11_000;
  });
  return { chat, call, prompt };
}

for (const { screen, use, way } of SCREENS) {
  test.describe(`on ${screen}`, () => {
    test.use(use);

    test('a long answer that ends unseen is told by the title of its chat, and leads back to it', async ({
      page,
      upstream,
    }) => {
      await standIn(page, 'granted');
      await ChatPage.open(page);
      expect(await page.evaluate(() => window.asked)).toBe(0);
      await switchOn(page, way);
      await expect(page.getByRole('switch', { name: 'Notify me' })).toBeChecked();
      for (const _ of way) await page.keyboard.press('Escape');
      const { chat, call, prompt } = await holdLong(page, upstream);
      const { pathname } = new URL(page.url());
      await page.getByRole('button', { name: 'New chat' }).click();
      await hide(page, true);
      call.send(blockStop(), messageEnd('max_tokens'));
      call.end();
      await expect.poll(() => page.evaluate(() => window.shown.length)).toBe(1);
      const [shown] = await page.evaluate(() => window.shown);
      expect(prompt.startsWith(shown?.title.replace(/…$/, '') ?? '?')).toBe(true);
      expect(shown?.body).toBe('The answer was cut off.');
      expect(JSON.stringify(shown)).not.toContain('secret');
      await page.evaluate(() => window.press());
      await expect(chat.lastAnswer).toContainText('A secret word');
      expect(new URL(page.url()).pathname).toBe(pathname);
    });
  });
}

test('a long answer that is seen, or that nobody asked to hear of, is not told', async ({ page, upstream }) => {
  await standIn(page, 'granted');
  await ChatPage.open(page);
  const { chat, call } = await holdLong(page, upstream);
  await hide(page, true);
  call.reset();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'interrupted');
  expect(await page.evaluate(() => [window.shown.length, window.asked])).toEqual([0, 0]);
  await hide(page, false);
  await switchOn(page);
  await page.keyboard.press('Escape');
  const { call: second } = await holdLong(page, upstream);
  second.reset();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'interrupted');
  expect(await page.evaluate(() => window.shown.length)).toBe(0);
});

test('a browser that does not allow it is believed, and it is said', async ({ page }) => {
  await standIn(page, 'denied');
  await ChatPage.open(page);
  await switchOn(page);
  await expect(page.getByRole('switch', { name: 'Notify me' })).not.toBeChecked();
  await expect(page.getByText('Your browser blocks notifications')).toBeVisible();
});

test('a browser without notifications says so', async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'Notification'));
  await ChatPage.open(page);
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('switch', { name: 'Notify me' })).toBeDisabled();
  await expect(page.getByText('This browser has no notifications')).toBeVisible();
});
