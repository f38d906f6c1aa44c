import type { Page, Request } from '@playwright/test';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart } from './frames';
import { promptByHand } from './upstream';

/** One point. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

// The frame of a picture refuses every script aloud: neither a recorder nor a test is to run one there.
test.use({ trace: 'off' });

/** Serves images in the place of another server. What is asked of it comes back. */
async function serveImages(page: Page): Promise<readonly Request[]> {
  const requests: Request[] = [];
  await page.route('https://images.example/**', async (route) => {
    requests.push(route.request());
    await route.fulfill({ contentType: 'image/png', body: Buffer.from(PNG, 'base64') });
  });
  return requests;
}

/** The frame has drawn the one image that was asked for. Nothing but its policy keeps it from that. */
async function expectDrawn(page: Page, requests: readonly Request[]): Promise<void> {
  await expect(page.frameLocator('iframe').getByRole('img')).toBeVisible();
  await expect.poll(() => requests.length).toBe(1);
  expect(await (await requests[0]?.response())?.finished()).toBeNull();
}

test('an image is shown when its reader wants it, while the answer still grows', async ({ page, upstream }) => {
  const requests = await serveImages(page);
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('an image');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Look: ![A map](https://images.example/a,b.png?c=d)'));

  const show = chat.lastAnswer.getByRole('button', { name: 'Show image: A map (images.example)' });
  await expect(show).toBeVisible();
  await expect(page.locator('iframe')).toHaveCount(0);
  await show.focus();
  await page.keyboard.press('Enter');
  const hide = chat.lastAnswer.getByRole('button', { name: 'Hide image: A map (images.example)' });
  await expect(hide).toBeFocused();
  const frame = page.locator('iframe');
  await expect(frame).toHaveAttribute('sandbox', '');
  await expect(frame).toHaveAccessibleName('Image: A map');
  await expectDrawn(page, requests);
  await frame.evaluate((element) => element.setAttribute('data-first', ''));

  call.send(textDelta(' and go on.\n\nA next paragraph.\n\n'), textDelta('Another.'), blockStop(), messageEnd());
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(frame).toHaveAttribute('data-first');
  expect(requests.map((request) => request.url())).toEqual(['https://images.example/a,b.png?c=d']);
  expect(await requests[0]?.headerValue('referer')).toBeNull();

  await page.keyboard.press('Tab');
  const link = chat.lastAnswer.getByRole('link', { name: 'Open in a new tab' });
  await expect(link).toBeFocused();
  await expect(link).toHaveAttribute('href', 'https://images.example/a,b.png?c=d');
  await hide.click();
  await expect(frame).toHaveCount(0);
  await expect(show).toBeFocused();
});

test('an image has room on a phone', async ({ page, upstream }) => {
  const requests = await serveImages(page);
  await page.setViewportSize({ width: 320, height: 640 });
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('an image on a phone');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  const name = 'A very long description of what is to be seen'.repeat(3);
  call.send(messageStart(), textStart(), textDelta(`| ![${name}](https://images.example/a.png) |\n|---|\n\n`));
  call.send(textDelta(`![${name}](https://images.example/b.png)`), blockStop(), messageEnd());
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  const button = chat.lastAnswer.getByRole('button', { name: `image: ${name} (images.example)` }).last();
  await button.focus();
  const before = await button.boundingBox();
  await button.press(' ');
  await expectDrawn(page, requests);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  const box = await page.locator('iframe').boundingBox();
  expect(box?.width).toBeGreaterThan(240);
  expect((await button.boundingBox())?.y, 'what was pressed stays where it is').toBe(before?.y);
});

test('no page of ours may load anything of another server', async ({ page, pageErrors, live }) => {
  for (const path of ['/', `/chat/${'a'.repeat(22)}`, '/no-such-page', '/pictures']) {
    const { headers } = await fetch(live.url + path);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/img-src 'self' data: blob:;.* connect-src 'self';/);
  }

  pageErrors.allow(/Content Security Policy/);
  const requests = await serveImages(page);
  await page.goto('/');
  const refused = await page.evaluate(
    () =>
      new Promise<readonly string[]>((resolve) => {
        const directives: string[] = [];
        document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => {
          if (directives.push(violatedDirective) === 3) resolve(directives.toSorted());
        });
        document.body.append(Object.assign(new Image(), { src: 'https://images.example/a.png' }));
        document.body.append(Object.assign(document.createElement('iframe'), { src: 'https://images.example/b' }));
        fetch('https://images.example/c').catch(() => undefined);
      }),
  );
  expect(refused).toEqual(['connect-src', 'frame-src', 'img-src']);
  expect(requests).toEqual([]);
});
