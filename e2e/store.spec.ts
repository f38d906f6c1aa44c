import { text } from 'node:stream/consumers';
import type { Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { wholeAnswer } from './frames';
import { holdStore } from './held-store';
import { FAILED_REQUEST } from './page-errors';
import { promptByHand } from './upstream';

const listOf = (page: Page) => page.getByRole('navigation', { name: 'Chats' });

async function hold(chat: ChatPage, question: string): Promise<void> {
  await chat.send(question);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
}

/** Everything that can be done without a store still works, and the page says so once. */
async function expectInMemory(chat: ChatPage, sentence: RegExp): Promise<void> {
  const { page } = chat;
  await hold(chat, 'Does it work?');
  await hold(chat, 'Still?');
  await expect(page.getByRole('alert').filter({ hasText: sentence })).toHaveCount(1);
  await expect(listOf(page).getByRole('link')).toHaveText('Does it work?');
  await page.getByRole('button', { name: 'New chat' }).click();
  await hold(chat, 'Another chat');
  await listOf(page).getByRole('link', { name: 'Does it work?' }).click();
  await expect(chat.answers).toHaveCount(2);

  expect(await exportChats(page)).toHaveLength(2);
  await page.getByRole('alert').getByRole('button', { name: 'Dismiss' }).click();
  await hold(chat, 'And on?');
  await expect(page.getByRole('alert').filter({ hasText: sentence })).toHaveCount(0);
}

/** What the file holds that the page offers. */
async function exportChats(page: Page): Promise<readonly unknown[]> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  return JSON.parse(await text(await (await download).createReadStream())).chats;
}

/** Ways in which a browser gives no database. */
const BLOCKED: readonly { how: string; block: () => void }[] = [
  { how: 'there is none', block: () => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }) },
  {
    how: 'asking for it throws',
    block: () =>
      Object.defineProperty(globalThis, 'indexedDB', {
        get: () => {
          throw new DOMException('denied', 'SecurityError');
        },
      }),
  },
  {
    how: 'opening it fails',
    block: () => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('denied', 'InvalidStateError');
      };
    },
  },
];

for (const { how, block } of BLOCKED) {
  test(`B-idb · where the browser gives no database the chat works in memory: ${how}`, async ({ page }) => {
    await page.addInitScript(block);
    await expectInMemory(await ChatPage.open(page), /does not let Rivulet save anything/);
  });
}

test('B-idb · where the browser blocks every kind of storage the chat works in memory', async ({ page }) => {
  await page.addInitScript(() => {
    const deny = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    for (const name of ['indexedDB', 'localStorage']) Object.defineProperty(globalThis, name, { get: deny });
    LockManager.prototype.request = () => Promise.reject(new DOMException('denied', 'SecurityError'));
  });
  await expectInMemory(await ChatPage.open(page), /does not let Rivulet save anything/);
});

test('B-idb · a database that opens late takes all that was said meanwhile, and goes on', async ({ page }) => {
  const letOpen = await holdStore(page);
  const chat = await ChatPage.open(page);
  await hold(chat, 'Before it opens');
  await page.getByRole('button', { name: 'New chat' }).click();
  await hold(chat, 'Also before');
  await letOpen();
  await expect(listOf(page).getByRole('link')).toHaveText(['Also before', 'Before it opens']);
  await hold(chat, 'And after');
  await page.reload();
  await letOpen();
  await expect(chat.answers).toHaveCount(2);
  await page.goBack();
  await page.goBack();
  await expect(chat.lastQuestion).toHaveText('Before it opens');
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
});

test('B-idb · a tab of a newer version takes over, and the older one works on and says so', async ({
  page,
  context,
}) => {
  const chat = await ChatPage.open(page);
  await hold(chat, 'Before the upgrade');
  await openDatabase(await context.newPage(), page.url(), 1000);
  await page.getByRole('button', { name: 'New chat' }).click();
  await expectInMemory(chat, /A newer version of Rivulet is open in another tab/);
});

test('B-idb · a tab of an older version that does not let go costs the newer one its history, not its life', async ({
  page,
  context,
  pageErrors,
}) => {
  const older = await context.newPage();
  pageErrors.allow(FAILED_REQUEST);
  // A version before the first one, whose holder takes no notice of the newer one.
  await openDatabase(older, '/icon.svg', 1);
  await expectInMemory(await ChatPage.open(page), /does not let Rivulet save anything/);
});

test('B-idb · a record of garbage costs nobody else anything', async ({ page }) => {
  const chat = await ChatPage.open(page);
  await hold(chat, 'The good chat');
  const good = page.url();
  await page.getByRole('button', { name: 'New chat' }).click();
  await hold(chat, 'The bad chat');
  await hold(chat, 'Its second turn');
  const bad = page.url();
  await page.evaluate(garble, new URL(bad).pathname.split('/').at(-1) ?? '');
  await page.goto(good);
  await expect(listOf(page).getByRole('link')).toHaveText(['The bad chat', 'The good chat']);
  await expect(chat.lastQuestion).toHaveText('The good chat');
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');

  await page.goto(bad);
  await expect(page.getByText('of this chat could not be read')).toBeVisible();
  await expect(chat.lastQuestion).toHaveText('Its second turn');
  await hold(chat, 'Its third turn');
});

test('B-quota · a full store takes nothing from the answer, is told once, and takes up again when there is room', async ({
  page,
  context,
  live,
  upstream,
}) => {
  const session = await context.newCDPSession(page);
  const { origin } = new URL(live.url);
  // From the beginning: a browser that has room remembers it for a while.
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 200_000 });
  const chat = await ChatPage.open(page);
  await hold(chat, 'While there is room');
  const prompt = promptByHand('full');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  // By chance: some browsers count what is left when it is compressed.
  const long = Array.from({ length: 30_000 }, () => Math.random().toString(36)).join(' ');
  call.send(wholeAnswer(long));
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete', { timeout: 15_000 });
  await expect(page.getByRole('alert').filter({ hasText: 'storage is full' })).toHaveCount(1);
  expect(await exportChats(page)).toMatchObject([
    { messages: [{}, {}, { text: prompt }, { content: [{ text: long }], end: { status: 'complete' } }] },
  ]);

  await chat.composer.fill('A draft is small enough');
  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await hold(chat, 'There is room again');
  await expect(page.getByRole('alert').filter({ hasText: 'storage is full' })).toHaveCount(0);
  await page.reload();
  await expect(chat.answers).toHaveCount(3);
});

/** Opens the database in a version of its own, and keeps it open whatever other tabs want. */
async function openDatabase(page: Page, url: string, version: number): Promise<void> {
  await page.goto(url);
  await page.evaluate(
    (asked) =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.open('rivulet', asked);
        request.onsuccess = () => resolve();
        request.onerror = () => reject(request.error);
      }),
    version,
  );
}

/** Writes over the oldest message of a chat, and adds a chat that is none. */
async function garble(chatId: string): Promise<void> {
  const request = indexedDB.open('rivulet');
  await new Promise((resolve) => request.addEventListener('success', resolve));
  const transaction = request.result.transaction(['chats', 'messages'], 'readwrite');
  const all = transaction.objectStore('messages').getAll();
  all.onsuccess = () => {
    const [first] = all.result
      .filter((message) => message.chatId === chatId)
      .sort((one, other) => one.createdAt - other.createdAt);
    transaction.objectStore('messages').put({ id: first.id, chatId, parentId: 7, role: 'nobody' });
  };
  transaction.objectStore('chats').put({ id: 'garbage', title: { not: 'a title' }, updatedAt: 'yesterday' });
  await new Promise((resolve) => transaction.addEventListener('complete', resolve));
  request.result.close();
}
