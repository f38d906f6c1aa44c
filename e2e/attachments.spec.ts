import type { Locator, Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { nextChatRequest } from './chat-request';
import { findViolations } from './find-violations';
import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart, wholeAnswer } from './frames';
import { giveFiles, imageFile, type MadeFile, pdfFile, textFile, withExif } from './made-files';
import { FAILED_REQUEST } from './page-errors';
import { promptByHand, type Upstream } from './upstream';

const LIMIT_BYTES = 4_000_000;

class FilesPage {
  readonly list: Locator;
  readonly words: Locator;

  constructor(
    readonly page: Page,
    readonly chat: ChatPage,
  ) {
    this.list = page.getByRole('list', { name: 'Attached files' });
    this.words = page.getByRole('region', { name: 'Files' });
  }

  static async open(page: Page): Promise<FilesPage> {
    return new FilesPage(page, await ChatPage.open(page));
  }

  async pick(...files: MadeFile[]): Promise<void> {
    const choosing = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: 'Attach files' }).click();
    await (await choosing).setFiles(files);
  }

  removeButton(name: string): Locator {
    return this.list.getByRole('button', { name: `Remove ${name}` });
  }

  /** All that was chosen is read. */
  async expectAttached(...names: readonly string[]): Promise<void> {
    await expect(this.list.getByRole('button')).toHaveCount(names.length);
    for (const name of names) await expect(this.removeButton(name)).toBeVisible();
    await expect(this.list).not.toContainText('is being read');
  }
}

type Block = {
  readonly type: string;
  readonly text?: string;
  readonly title?: string;
  readonly source?: { readonly media_type: string; readonly data: string };
};

/** Sends what is typed, and lets Claude answer. Gives what was posted and the blocks of each message that Claude was told. */
async function ask({ page, chat }: FilesPage, upstream: Upstream, prompt: string, button = 'Send') {
  await chat.composer.fill(prompt);
  const [request] = await Promise.all([nextChatRequest(page), page.getByRole('button', { name: button }).click()]);
  const call = await upstream.nextCall(prompt);
  call.send(wholeAnswer('I see.'));
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  const body = request.postData() ?? '';
  const told = call.body.messages.map(({ content }) => content as string | readonly Block[]);
  return { body, told, blocks: told.at(-1) as readonly Block[] };
}

const bytesOf = (block: Block | undefined) => Buffer.from(block?.source?.data ?? '', 'base64');

for (const { name, use } of [
  { name: 'at a desk', use: {} },
  { name: 'on a phone', use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } },
]) {
  test.describe(name, () => {
    test.use(use);

    test('files are picked, pasted and dropped, removed, sent first and in order, and there again after a reload', async ({
      page,
      upstream,
    }) => {
      const files = await FilesPage.open(page);
      await files.pick(
        await imageFile(page, 'red.png', { width: 60, height: 40 }),
        textFile('notes.md', '\ufeffLíne “1”'),
      );
      await files.expectAttached('red.png', 'notes.md');
      await files.chat.composer.focus();
      await giveFiles(page, 'paste', [pdfFile('paper.pdf')]);
      await giveFiles(page, 'drop', [textFile('main.zig', 'const x = 1;')]);
      await files.expectAttached('red.png', 'notes.md', 'paper.pdf', 'main.zig');
      expect(await findViolations(page)).toEqual([]);
      await files.removeButton('main.zig').click();
      await files.expectAttached('red.png', 'notes.md', 'paper.pdf');

      const prompt = promptByHand('What is this?');
      const { told, blocks } = await ask(files, upstream, prompt);
      expect(told).toHaveLength(1);
      expect(blocks.map(({ type }) => type)).toEqual(['image', 'text', 'document', 'text']);
      expect(blocks[0]?.source?.media_type).toBe('image/png');
      expect(blocks[1]?.text).toBe('<file name="notes.md">\nLíne “1”\n</file>');
      expect([blocks[2]?.title, bytesOf(blocks[2])]).toEqual(['paper.pdf', pdfFile('paper.pdf').buffer]);
      expect(blocks[3]?.text).toBe(prompt);
      await expect(files.list).toHaveCount(0);

      await page.reload();
      await expect(files.chat.lastQuestion.getByRole('img', { name: 'red.png' })).toBeVisible();
      expect(await findViolations(page)).toEqual([]);
      await files.chat.lastQuestion.getByRole('button', { name: 'Open notes.md' }).click();
      const dialog = page.getByRole('dialog', { name: 'notes.md' });
      await expect(dialog).toContainText('Líne “1”');
      expect(await findViolations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(dialog).toHaveCount(0);
      await files.chat.lastQuestion.getByRole('button', { name: 'Open red.png' }).click();
      await expect(page.getByRole('dialog', { name: 'red.png' }).getByRole('img')).toBeVisible();
      await page.getByRole('button', { name: 'Close' }).click();
    });

    test('what cannot be sent gets a sentence, and neither words nor other files are lost', async ({ page }) => {
      const files = await FilesPage.open(page);
      await files.chat.composer.fill('Half a quest');
      const heic = Buffer.concat([Buffer.from('\0\0\0\x18ftypheic', 'latin1'), Buffer.alloc(40)]);
      for (const [file, sentence] of [
        [textFile('empty.txt', ''), '“empty.txt” is empty.'],
        [pdfFile('large.pdf', 20_000_000), '“large.pdf” is too large: up to 2.8 MB can be sent.'],
        [pdfFile('locked.pdf', 0, '/Encrypt 9 0 R'), '“locked.pdf” is protected'],
        [{ name: 'photo.heic', mimeType: 'image/heic', buffer: heic }, 'Save it as JPEG or PNG'],
        [{ name: 'scan.tiff', mimeType: '', buffer: Buffer.from('II*\0\x08\0\0\0') }, 'Save it as JPEG or PNG'],
        [{ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from([0x89, 0, 1]) }, '“photo.png” is damaged'],
        [
          { name: 'cut.png', mimeType: 'image/png', buffer: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1') },
          '“cut.png” is damaged',
        ],
        [{ name: 'a.zip', mimeType: '', buffer: Buffer.from('PK\x03\x04\0\0') }, '“a.zip” is neither an image'],
      ] as const) {
        await files.pick(file);
        await expect(files.words).toContainText(sentence);
      }
      await expect(files.list).toHaveCount(0);
      expect(await findViolations(page)).toEqual([]);
      await files.pick(textFile('really.png', 'text all the same', 'image/png'));
      await files.expectAttached('really.png');
      await expect(files.words).toHaveText('');
      await expect(files.chat.composer).toHaveValue('Half a quest');
    });
  });
}

test('of thirty files that are dropped twenty stay, and the rest is said in a sentence', async ({ page }) => {
  const files = await FilesPage.open(page);
  const names = Array.from({ length: 30 }, (_, number) => `part-${number}.txt`);
  await giveFiles(
    page,
    'drop',
    names.map((name) => textFile(name, name)),
  );
  await expect(files.words).toContainText('20 files can go with one message. 10 were left out.');
  await files.expectAttached(...names.slice(0, 20));
  await expect(files.chat.composer).toBeInViewport();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(files.words).toHaveText('');
});

test('a photograph of twelve megapixels becomes one that Claude sees all of', async ({ page, upstream }) => {
  const files = await FilesPage.open(page);
  const photo = await imageFile(page, 'photo.jpg', {
    width: 4000,
    height: 3000,
    type: 'image/jpeg',
    isNoisy: true,
  });
  expect(photo.buffer.length).toBeGreaterThan(2_000_000);
  await files.pick(photo);
  await files.expectAttached('photo.jpg');
  const { blocks } = await ask(files, upstream, promptByHand('a photo'));
  const sent = bytesOf(blocks[0]);
  expect(sent.length).toBeLessThan(500_000);
  const { width, height } = await sizeOf(page, sent);
  expect(width / height).toBeCloseTo(4 / 3, 2);
  expect(Math.ceil(width / 28) * Math.ceil(height / 28)).toBeLessThanOrEqual(4784);
  expect(width).toBeGreaterThan(1000);
});

/** How large an image is, as any program sees it that knows nothing of cameras. */
function sizeOf(page: Page, image: Buffer) {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]), { imageOrientation: 'none' } as never);
    return { width: bitmap.width, height: bitmap.height };
  }, image.toString('base64'));
}

test('a photograph stands upright, and does not tell where it was taken', async ({ page, upstream }) => {
  const files = await FilesPage.open(page);
  const plain = await imageFile(page, 'side.jpg', { width: 80, height: 40, type: 'image/jpeg' });
  await files.pick(plain, withExif({ ...plain, name: 'upright.jpg' }, 'Rattray Head'));
  await files.expectAttached('side.jpg', 'upright.jpg');
  const { blocks } = await ask(files, upstream, promptByHand('upright'));
  expect(bytesOf(blocks[0])).toEqual(plain.buffer);
  expect(bytesOf(blocks[1]).includes('Rattray')).toBe(false);
  expect(await sizeOf(page, bytesOf(blocks[1]))).toEqual({ width: 40, height: 80 });
});

test('a folder is not a file', async ({ page }) => {
  await page.addInitScript(() => {
    DataTransferItem.prototype.webkitGetAsEntry = () => ({ isDirectory: true, name: 'src' }) as FileSystemEntry;
  });
  const files = await FilesPage.open(page);
  await giveFiles(page, 'drop', [textFile('src', 'x')]);
  await expect(files.words).toContainText('“src” is a folder: attach the files in it.');
});

test('files that are not sent are there after a reload, with what is typed, and go along without words too', async ({
  page,
  upstream,
}) => {
  const files = await FilesPage.open(page);
  await files.pick(textFile('a.ts', 'let a;'));
  await files.expectAttached('a.ts');
  await files.chat.composer.fill('and');
  await expect(async () => {
    await page.reload();
    await expect(files.chat.composer).toHaveValue('and', { timeout: 500 });
  }).toPass();
  await files.expectAttached('a.ts');
  await files.chat.composer.fill('');
  await files.chat.sendButton.click();
  await expect.poll(() => upstream.calls.length).toBe(1);
  expect(upstream.calls[0]?.body.messages[0]?.content).toEqual([
    { type: 'text', text: '<file name="a.ts">\nlet a;\n</file>' },
  ]);
  await expect(page.getByRole('navigation', { name: 'Chats' })).toContainText('a.ts');
  await page.reload();
  await expect(files.chat.lastQuestion.getByRole('button', { name: 'Open a.ts' })).toBeVisible();
  await expect(files.list).toHaveCount(0);
});

test('files go again with every later turn, in the same bytes', async ({ page, upstream }) => {
  const files = await FilesPage.open(page);
  await files.pick(await imageFile(page, 'red.png', { width: 60, height: 40 }), pdfFile('paper.pdf'));
  await files.expectAttached('red.png', 'paper.pdf');
  const first = await ask(files, upstream, promptByHand('one'));
  await page.reload();
  await files.pick(textFile('a.ts', 'let a;'));
  await files.expectAttached('a.ts');
  const second = await ask(files, upstream, promptByHand('two'));
  const prefixOf = (body: string) => body.slice(body.indexOf('"messages"'), body.lastIndexOf('}]') + 1);
  expect(second.body).toContain(prefixOf(first.body));
  expect(second.told).toHaveLength(3);
});

test('the files of a question go along with another wording of it', async ({ page, pageErrors, upstream }) => {
  pageErrors.allow(FAILED_REQUEST);
  const files = await FilesPage.open(page);
  await files.pick(textFile('a.ts', 'let a;'));
  await files.expectAttached('a.ts');
  const prompt = promptByHand('edit');
  await files.chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.refuse(400, '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long"}}');
  await files.chat.lastAnswer.getByRole('button', { name: 'Edit' }).click();
  const shorter = promptByHand('shorter');
  await files.chat.editor.fill(shorter);
  await files.chat.editor.press('Enter');
  const again = await upstream.nextCall(shorter);
  expect(JSON.stringify(again.body.messages)).toContain('let a;');
});

test('what does not fit beside earlier files is said before it is sent, and there are two ways on', async ({
  page,
  upstream,
}) => {
  const files = await FilesPage.open(page);
  await files.pick(pdfFile('first.pdf', 2_000_000));
  await files.expectAttached('first.pdf');
  await ask(files, upstream, promptByHand('one'));
  await files.pick(pdfFile('second.pdf', 2_000_000));
  await files.expectAttached('second.pdf');
  await expect(files.words).toContainText('With the files of earlier messages this is too much for one request.');
  await expect(files.chat.sendButton).toBeDisabled();
  expect(await findViolations(page)).toEqual([]);
  const { body, told } = await ask(files, upstream, promptByHand('two'), 'Ask without earlier files');
  expect(body.length).toBeLessThanOrEqual(LIMIT_BYTES);
  expect(told[0]).toMatch(/^\[first\.pdf, not sent again\]\n\n/);
  await expect(files.words).toHaveText('');

  // What was left behind stays there, so that what follows is the same for Claude's cache.
  const third = await ask(files, upstream, promptByHand('three'));
  expect(JSON.stringify(third.told.slice(0, 3))).toBe(JSON.stringify([told[0], told[1], told[2]]));

  await files.pick(pdfFile('third.pdf', 2_000_000));
  await files.chat.composer.fill('What about this?');
  await page.getByRole('button', { name: 'Move to a new chat' }).click();
  await files.expectAttached('third.pdf');
  await expect(files.chat.composer).toHaveValue('What about this?');
  await expect(files.chat.answers).toHaveCount(0);
  await expect(files.words).toHaveText('');
  const fourth = await ask(files, upstream, promptByHand('four'));
  expect(fourth.blocks.map(({ type }) => type)).toEqual(['document', 'text']);
});

test('what does not fit any more when an answer is continued is said, and is not sent', async ({ page, upstream }) => {
  const files = await FilesPage.open(page);
  await files.pick(pdfFile('first.pdf', 2_000_000));
  await files.expectAttached('first.pdf');
  await ask(files, upstream, promptByHand('one'));
  // Beside the first one, and it leaves room for some words.
  await files.pick(pdfFile('second.pdf', 930_000));
  await files.expectAttached('second.pdf');
  const prompt = promptByHand('two');
  await files.chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('An answer. '.repeat(4000)), blockStop(), messageEnd('max_tokens'));
  call.end();
  await files.chat.lastAnswer.getByRole('button', { name: 'Continue' }).click();
  await expect(files.chat.lastAnswer).toContainText(
    'With the files of earlier messages this is too much for one request.',
  );
  expect(upstream.calls).toHaveLength(2);
});

test('a file that does not fit beside the others of its message gets a sentence', async ({ page }) => {
  const files = await FilesPage.open(page);
  await files.pick(pdfFile('first.pdf', 2_000_000), pdfFile('second.pdf', 2_000_000));
  await files.expectAttached('first.pdf');
  await expect(files.words).toContainText('“second.pdf” does not fit into this message any more.');
});

test('where nothing can be stored files are sent all the same', async ({ page, upstream }) => {
  await page.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }));
  const files = await FilesPage.open(page);
  await files.pick(textFile('a.ts', 'let a;'));
  await files.expectAttached('a.ts');
  const { blocks } = await ask(files, upstream, promptByHand('one'));
  expect(blocks).toHaveLength(2);
});
