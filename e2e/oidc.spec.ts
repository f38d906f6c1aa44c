import type { Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { findViolations } from './find-violations';
import { messageStart, textDelta, textStart, wholeAnswer } from './frames';
import { IdentityProvider, signInAt } from './identity-provider';
import { test as base, expect } from './own-server';
import { promptByHand } from './upstream';

const test = base.extend<object, { readonly provider: IdentityProvider }>({
  provider: [
    // biome-ignore lint/correctness/noEmptyPattern: the form of a fixture that needs no other
    async ({}, use) => {
      const provider = await IdentityProvider.start();
      await use(provider);
      await provider.stop();
    },
    { scope: 'worker' },
  ],
});

const signInLink = (page: Page) => page.getByRole('link', { name: /^Sign in with localhost:\d+$/ });

const messageBox = (page: Page) => page.getByRole('textbox', { name: 'Message' });

/** From the first page to the chat. */
async function signIn(page: Page, url: string, address: string): Promise<ChatPage> {
  await page.goto(url);
  await signInLink(page).click();
  await signInAt(page, address);
  await expect(messageBox(page)).toBeVisible();
  return ChatPage.open(page, url);
}

test('who signs in at the provider comes to the chat that was asked for, asks, and signs out', async ({
  page,
  provider,
  startServer,
  upstream,
}) => {
  const server = await startServer(provider.settings, provider.options);
  await page.goto(`${server.url}/chat/asked-for-this-one`);
  await expect(page.getByRole('heading', { name: 'Sign in to Rivulet' })).toBeVisible();
  await expect(page.getByLabel('Password')).toHaveCount(0);
  expect(await findViolations(page)).toEqual([]);
  await signInLink(page).click();
  expect(new URL(page.url()).hostname).toBe('localhost');
  await signInAt(page, 'ada@members.example');
  await expect(page).toHaveURL(`${server.url}/chat/asked-for-this-one`);

  const chat = await ChatPage.open(page, server.url);
  const prompt = promptByHand('known by the provider');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(wholeAnswer('Welcome.'));
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');

  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(signInLink(page)).toBeVisible();
  // Who is still signed in at the provider has nothing to type.
  await signInLink(page).click();
  await expect(chat.lastAnswer).toContainText('Welcome.');
});

test('one person in two browsers can follow and stop the same answer, and nobody else can', async ({
  browser,
  page,
  provider,
  startServer,
  upstream,
}) => {
  const server = await startServer(provider.settings, provider.options);
  const [second, stranger] = [await browser.newContext(), await browser.newContext()];
  const chat = await signIn(page, server.url, 'ada@members.example');
  await signIn(await second.newPage(), server.url, 'ada@members.example');
  await signIn(await stranger.newPage(), server.url, 'eve@members.example');

  const asked = page.waitForRequest((request) => request.url().endsWith('/api/chat') && request.method() === 'POST');
  const prompt = promptByHand('of one person');
  await chat.send(prompt);
  const { replyId } = (await asked).postDataJSON();
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Hers alone'));
  await expect(chat.lastAnswer).toContainText('Hers alone');

  const reply = `${server.url}/api/chat/${replyId}`;
  expect((await stranger.request.get(reply)).status()).toBe(404);
  expect((await stranger.request.delete(reply)).status()).toBe(404);
  expect(await (await second.request.delete(reply)).json()).toEqual({ stopped: true });
  await call.closed;
  expect(await (await second.request.get(reply)).text()).toContain('Hers alone');
  await second.close();
  await stranger.close();
});

test('a person has one limit in every browser, and takes nothing from another at the same address', async ({
  browser,
  page,
  provider,
  startServer,
}) => {
  const server = await startServer({ ...provider.settings, RATE_LIMIT_PER_MINUTE: '1' }, provider.options);
  const [second, other] = [await browser.newContext(), await browser.newContext()];
  await signIn(page, server.url, 'ada@members.example');
  await signIn(await second.newPage(), server.url, 'ada@members.example');
  await signIn(await other.newPage(), server.url, 'bob@members.example');
  const data = { messages: [{ role: 'user', content: 'Begin an answer, then decline it.' }] };
  const ask = async ({ request }: Pick<Page, 'request'>) =>
    (await request.post(`${server.url}/api/chat`, { data, headers: { Accept: 'application/json' } })).status();
  expect([await ask(page), await ask(second), await ask(other)]).toEqual([200, 429, 200]);
  await second.close();
  await other.close();
});

test('who is not invited stays outside, and can choose another account', async ({ page, provider, startServer }) => {
  const settings = { ...provider.settings, OIDC_ALLOWED_EMAILS: 'bob@elsewhere.example, @members.example' };
  const server = await startServer(settings, provider.options);
  await page.goto(`${server.url}/chat/asked-for-this-one`);
  await signInLink(page).click();
  await signInAt(page, 'ada@elsewhere.example');
  await expect(page.getByText('This account is not invited. Use another one.')).toBeVisible();
  await expect(page).toHaveURL(`${server.url}/chat/asked-for-this-one?problem=not_invited`);
  expect(await findViolations(page)).toEqual([]);
  expect((await page.request.get(`${server.url}/api/models`)).status()).toBe(401);
  expect(server.output.join('\n')).toContain('"errorCode":"not_invited"');
  expect(server.output.join('\n')).not.toContain('ada@elsewhere.example');

  await signInLink(page).click();
  await signInAt(page, 'Ada@Members.example');
  await expect(page).toHaveURL(`${server.url}/chat/asked-for-this-one`);
  expect((await page.request.get(`${server.url}/api/models`)).status()).toBe(200);
});

test('A055 · a sign-in leads to no other page than ours', async ({ page, provider, startServer }) => {
  const server = await startServer(provider.settings, provider.options);
  await signIn(page, server.url, 'ada@members.example');
  for (const to of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/api/session/oidc',
  ]) {
    // Who is still signed in at the provider is led through at once.
    await page.goto(`${server.url}/api/session/oidc?to=${encodeURIComponent(to)}`);
    expect([to, page.url()]).toEqual([to, `${server.url}/`]);
  }
});

test('who declines at the provider is back at the sign-in, and can try again or give the password', async ({
  page,
  pageErrors,
  provider,
  startServer,
}) => {
  const server = await startServer({ ...provider.settings, ACCESS_PASSWORD: 'correct horse' }, provider.options);
  pageErrors.allow(/401/);
  await page.goto(server.url);
  await signInLink(page).click();
  await page.getByRole('link', { name: 'Decline' }).click();
  await expect(page.getByText('The sign-in did not work. Try again.')).toBeVisible();
  await expect(signInLink(page)).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
  await page.getByLabel('Password').fill('correct horse');
  await page.keyboard.press('Enter');
  await expect(messageBox(page)).toBeVisible();
  expect(page.url()).toBe(`${server.url}/`);
});

test('a provider that is down is asked again at the next sign-in, and keeps nobody out who has signed in', async ({
  page,
  startServer,
}) => {
  const provider = await IdentityProvider.start();
  const server = await startServer(provider.settings, provider.options);
  await provider.stop();
  await page.goto(server.url);
  await signInLink(page).click();
  await expect(page.getByText('The sign-in did not work. Try again.')).toBeVisible();
  expect(server.output.join('\n')).toMatch(/"errorCode":"sign_in_failed","cause":"[^"]*ECONNREFUSED/);

  await provider.start();
  await signInLink(page).click();
  await signInAt(page, 'ada@members.example');
  await expect(messageBox(page)).toBeVisible();
  await provider.stop();
  await page.reload();
  await expect(messageBox(page)).toBeVisible();
});
