import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test } from './abuse';
import { ChatPage } from './chat-page';
import { blockStop, messageEnd, messageStart, textDelta, textStart } from './frames';
import { imageFile } from './made-files';
import { FAILED_REQUEST } from './page-errors';
import { plantTripwire } from './tripwire';
import { promptByHand } from './upstream';

/** One point. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

const ANSWER = [
  'Named: &frac12; &copy;.',
  'A formula, $\\frac{x^2}{2}$, and a picture: ![A map](https://images.example/a.png)',
  '```ts\nconst side = 2;\n```',
  '```mermaid\nflowchart TD\n  A[Ask] --> B[Answer]\n```',
].join('\n\n');

/** What a client may send, in the hope that it is taken for ours. */
const FORGED = [
  { 'x-nonce': 'Zm9yZ2Vk', 'x-rivulet-nonce': 'Zm9yZ2Vk', nonce: 'Zm9yZ2Vk' },
  { 'content-security-policy': "script-src 'nonce-Zm9yZ2Vk' 'unsafe-inline'" },
  { 'content-security-policy-report-only': "script-src 'nonce-Zm9yZ2Vk'" },
  { 'content-security-policy': `script-src 'nonce-"><script>Zm9yZ2Vk</script>' ;;,` },
  { 'x-forwarded-host': 'Zm9yZ2Vk.example', forwarded: 'host=Zm9yZ2Vk.example', host: 'Zm9yZ2Vk.example' },
  { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy', 'x-middleware-request-x-rivulet-nonce': 'Zm9yZ2Vk' },
];

// A recorder runs scripts in each frame, and the ones of pictures and diagrams refuse them aloud.
test.use({ trace: 'off' });

/** The directives that refused something in a page, from its first byte on. */
async function watchRefusals(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.addInitScript(() => {
    const refused: string[] = [];
    Object.assign(globalThis, { refused });
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
      refused.push(`${effectiveDirective} ${blockedURI}`);
    });
  });
  return () => page.evaluate(() => (globalThis as unknown as { refused: string[] }).refused.toSorted());
}

test('A074 · all that a page draws keeps to its policy', async ({ page, upstream, live, context, pageErrors }) => {
  // The wire cannot be planted in a frame that runs no scripts.
  pageErrors.allow(/Blocked script execution in '[^']*\/picture\?/);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.route('https://images.example/**', (route) =>
    route.fulfill({ contentType: 'image/png', body: Buffer.from(PNG, 'base64') }),
  );
  const tripwire = await plantTripwire(page, new URL(live.url).origin);
  const chat = await ChatPage.open(page);
  const image = await imageFile(page, 'red.png', { width: 40, height: 30 });
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Attach files' }).click();
  await (await choosing).setFiles(image);
  await expect(page.getByRole('button', { name: 'Remove red.png' })).toBeVisible();

  const prompt = promptByHand('all that can be drawn');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('It *streams*.\n\n'));
  await expect(chat.lastAnswer).toContainText('It streams.');
  call.send(textDelta(ANSWER), blockStop(), messageEnd());
  call.end();
  const answer = chat.lastAnswer;
  await expect(answer).toHaveAttribute('data-status', 'complete');
  await expect(answer.locator('.katex')).toBeVisible();
  await expect(answer.locator('.token-keyword').first()).toBeVisible();
  await expect(chat.lastQuestion.getByRole('img', { name: 'red.png' })).toHaveJSProperty('complete', true);

  const picture = page.waitForResponse('https://images.example/**');
  await answer.getByRole('button', { name: 'Show image' }).click();
  await (await picture).finished();
  await expect(page.frameLocator('iframe').getByRole('img')).toBeVisible();
  await answer.getByRole('button', { name: 'Hide image' }).click();
  await answer.getByRole('button', { name: 'Show diagram' }).click();
  await expect(page.frameLocator('iframe').locator('#drawing > svg')).toBeVisible({ timeout: 15_000 });
  await answer.getByRole('button', { name: 'Copy message' }).click();
  await expect(answer.getByText('Copied').first()).toBeVisible();

  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('dialog', { name: 'Settings' }).getByRole('radio', { name: 'Dark' }).check();
  await page.reload();
  await expect(chat.lastAnswer.locator('.katex')).toBeVisible();
  expect(await tripwire.read()).toEqual(['request: https://images.example/a.png']);
});

for (const path of ['/no-such-page', '/no/such/page', '/_error', '/404']) {
  test(`A074 · a page that is not there, ${path}, keeps to its policy`, async ({ page, live, pageErrors }) => {
    pageErrors.allow(FAILED_REQUEST);
    const tripwire = await plantTripwire(page, new URL(live.url).origin);
    const response = await page.goto(path);
    expect(response?.status()).toBe(404);
    expect(await response?.headerValue('content-security-policy')).toContain("default-src 'none'");
    await page.getByRole('link', { name: 'Begin a chat' }).click();
    await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
    expect(await tripwire.read()).toEqual([]);
  });
}

test('A074 · what gets into the document by its markup does not run', async ({ page, pageErrors }) => {
  pageErrors.allow(/Content Security Policy/);
  // Some browsers look for a script before they refuse it.
  pageErrors.allow(/ERR_NAME_NOT_RESOLVED \(https:\/\/evil\.example\//);
  const readRefusals = await watchRefusals(page);
  await page.route('/', async (route) => {
    const response = await route.fetch();
    const intruders = [
      '<base href="https://evil.example/">',
      '<script>globalThis.ran = "script"</script>',
      '<script nonce="Zm9yZ2Vk">globalThis.ran = "nonce"</script>',
      '<script src="https://evil.example/a.js"></script>',
      '<img src="data:," onerror="globalThis.ran = \'handler\'" alt="">',
      '<style>body { display: none }</style>',
    ];
    await route.fulfill({ response, body: (await response.text()).replace('<body>', `<body>${intruders.join('')}`) });
  });
  await ChatPage.open(page);
  await page.evaluate(() => {
    const link = Object.assign(document.createElement('a'), { href: 'javascript:globalThis.ran = "address"' });
    document.body.append(link);
    link.click();
  });
  await expect
    .poll(readRefusals)
    .toEqual([
      'base-uri https://evil.example/',
      'script-src-attr inline',
      'script-src-elem https://evil.example/a.js',
      'script-src-elem inline',
      'script-src-elem inline',
      'script-src-elem inline',
      'style-src-elem inline',
    ]);
  expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false);
});

test('A074 · the page for a failure keeps its style, and is nobody’s to visit', async ({ live }) => {
  const page = readFileSync('.next/server/app/_global-error.html', 'utf8');
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page) ?? [];
  const { headers } = await fetch(live.url);
  const hash = createHash('sha256').update(style).digest('base64');
  expect(headers.get('content-security-policy')).toContain(`style-src 'self' 'sha256-${hash}';`);
  const visit = await fetch(`${live.url}/_global-error`, { redirect: 'manual' });
  expect([visit.status, visit.headers.get('location')]).toEqual([307, '/']);
});

test('A049 · nobody can frame a page, another site no more than our own', async ({ page, live, pageErrors }) => {
  pageErrors.allow(/frame-ancestors|X-Frame-Options/);
  pageErrors.allow(FAILED_REQUEST);
  const stranger = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><title>Stranger</title><iframe src="${live.url}/"></iframe>`);
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const { port } = stranger.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${port}/`);
  expect(page.frames().map((frame) => frame.url())).toEqual([page.url(), 'chrome-error://chromewebdata/']);
  stranger.close();

  for (const path of ['/', `/chat/${'a'.repeat(22)}`, '/no-such-page']) {
    await page.goto('/');
    await page.evaluate((src) => {
      const frame = Object.assign(document.createElement('iframe'), { src });
      return new Promise((resolve) => {
        frame.addEventListener('load', resolve);
        document.body.append(frame);
      });
    }, path);
    expect(page.frames().at(-1)?.url()).toBe('chrome-error://chromewebdata/');
  }
});

for (const path of ['/', `/chat/${'a'.repeat(22)}`, '/no-such-page']) {
  test(`A039 · the nonce of ${path.slice(0, 6)} is of one response, and of no client`, async ({ live }) => {
    const nonces = new Set<string | undefined>();
    for (const forged of [{}, {}, ...FORGED]) {
      const response = await fetch(live.url + path, { headers: forged });
      const body = await response.text();
      const nonce = /script-src 'self' 'nonce-([\w+/]{22}==)';/.exec(
        response.headers.get('content-security-policy') ?? '',
      )?.[1];
      const scripts = body.match(/<script\b[^>]*>/g) ?? [];
      expect(scripts.length).toBeGreaterThan(5);
      expect(scripts.filter((script) => !script.includes(` nonce="${nonce}"`))).toEqual([]);
      expect(body + [...response.headers].join()).not.toContain('Zm9yZ2Vk');
      expect(response.headers.get('cache-control')).toMatch(/^private,.* no-store/);
      nonces.add(nonce);
    }
    expect(nonces).not.toContain(undefined);
    expect(nonces.size).toBe(2 + FORGED.length);
  });
}

test('A039 · what is not found among scripts has no nonce of a client either', async ({ live }) => {
  for (const headers of FORGED) {
    const response = await fetch(`${live.url}/diagram/nothing.mjs`, { headers });
    expect(response.status).toBe(404);
    expect((await response.text()) + [...response.headers].join()).not.toContain('Zm9yZ2Vk');
  }
});
