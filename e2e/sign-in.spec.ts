import { ChatPage } from './chat-page';
import { findViolations } from './find-violations';
import { wholeAnswer } from './frames';
import { expect, test } from './own-server';
import { promptByHand } from './upstream';

const PASSWORD = 'correct horse battery';
const MEMBERS = { ACCESS_PASSWORD: PASSWORD, SESSION_SECRET: 'a secret of this test, 32 characters' };

const SCREENS = [
  { screen: 'a desktop in the light', use: {}, way: ['Settings'] },
  {
    screen: 'a phone in the dark',
    use: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true, colorScheme: 'dark' },
    way: ['Chats', 'Settings'],
  },
] as const;

for (const { screen, use, way } of SCREENS) {
  test(`who has the password signs in, asks, comes back and signs out, on ${screen}`, async ({
    browser,
    pageErrors,
    startServer,
    upstream,
  }) => {
    const server = await startServer(MEMBERS);
    const context = await browser.newContext(use);
    const page = await context.newPage();
    pageErrors.allow(/401/);
    await page.goto(`${server.url}/`);
    await expect(page.getByRole('heading', { name: 'Sign in to Rivulet' })).toBeVisible();
    expect(await findViolations(page)).toEqual([]);

    const password = page.getByLabel('Password');
    await expect(password).toBeFocused();
    await password.fill('not this one');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('status')).toHaveText('This is not the password.');
    expect(await findViolations(page)).toEqual([]);

    await page.keyboard.type(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
    const chat = await ChatPage.open(page, server.url);
    const prompt = promptByHand('among members');
    await chat.composer.fill(prompt);
    await chat.sendButton.click();
    const call = await upstream.nextCall(prompt);
    call.send(wholeAnswer('Welcome.'));
    call.end();
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
    const address = page.url();

    await page.reload();
    await expect(chat.lastAnswer).toContainText('Welcome.');
    for (const name of way) await page.getByRole('button', { name, exact: true }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { name: 'Sign in to Rivulet' })).toBeVisible();

    // The same address, and the same chat behind it.
    expect(page.url()).toBe(address);
    await password.fill(PASSWORD);
    await page.keyboard.press('Enter');
    await expect(chat.lastAnswer).toContainText('Welcome.');
    await context.close();
  });
}

test('an answer that is asked for when the session is over says so, and is there after the next sign-in', async ({
  page,
  pageErrors,
  startServer,
  upstream,
}) => {
  const server = await startServer(MEMBERS);
  pageErrors.allow(/401/);
  await page.goto(`${server.url}/`);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
  const chat = await ChatPage.open(page, server.url);
  await page.context().clearCookies({ name: '__Host-rivulet-session' });
  const prompt = promptByHand('too late');
  await chat.send(prompt);
  await expect(chat.lastAnswer).toContainText('You are not signed in. Reload the page to sign in.');

  await page.reload();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await chat.lastAnswer.getByRole('button', { name: 'Retry' }).click();
  const call = await upstream.nextCall(prompt);
  call.send(wholeAnswer('Better late.'));
  call.end();
  await expect(chat.lastAnswer).toContainText('Better late.');
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
});

test('a page that cannot answer yet takes no password, which would get into its address', async ({
  browser,
  startServer,
}) => {
  const server = await startServer(MEMBERS);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${server.url}/`);
  await expect(page.getByRole('heading', { name: 'Sign in to Rivulet' })).toBeVisible();
  await expect(page.getByLabel('Password')).toHaveCount(0);
  await context.close();
});

test('who has guessed too often is told until when nobody looks', async ({ page, pageErrors, startServer }) => {
  const server = await startServer(MEMBERS);
  pageErrors.allow(/401|429/);
  await page.goto(`${server.url}/`);
  for (let n = 0; n < 11; n += 1) {
    const answer = page.waitForResponse('**/api/session');
    await page.getByLabel('Password').fill(`guess ${n}`);
    await page.keyboard.press('Enter');
    await (await answer).finished();
  }
  await expect(page.getByRole('status')).toHaveText(/^There were too many wrong passwords\. Try again at .+\.$/);
});
