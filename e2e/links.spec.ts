import { expect, test } from './fixtures';
import { openAnswer } from './open-answer';

test('a link opens another page, which learns nothing of this one, and says where it leads', async ({
  page,
  upstream,
}) => {
  const told: unknown[] = [];
  await page.context().route('https://good.example/**', async (route) => {
    told.push(await route.request().headerValue('referer'));
    await route.fulfill({ contentType: 'text/html', body: '<title>Elsewhere</title>' });
  });
  const { lastAnswer } = await openAnswer(page, upstream, 'Read [the manual](https://good.example/manual).');
  const link = lastAnswer.getByRole('link', { name: 'the manual' });
  await expect(link).toHaveAttribute('title', 'https://good.example/manual');
  await expect(lastAnswer.locator('.answer')).toHaveText('Read the manual.');

  const opening = page.waitForEvent('popup');
  await link.click();
  const popup = await opening;
  await expect(popup).toHaveTitle('Elsewhere');
  expect(await popup.evaluate(() => [window.opener, document.referrer])).toEqual([null, '']);
  expect(told).toEqual([null]);
});

test('a text that reads like another address is followed by the true one', async ({ page, upstream }) => {
  const { lastAnswer } = await openAnswer(
    page,
    upstream,
    [
      '[https://good.example](https://evil.example/a)',
      '[`good.com`](https://evil.example/)',
      '[me@good.example](mailto:you@evil.example)',
      '<https://good.example/a>',
      '[Node.js](https://nodejs.org)',
      'https://good.example@evil.example/',
    ].join('\n\n'),
  );
  await expect(lastAnswer.getByRole('paragraph')).toHaveText([
    'https://good.example (evil.example)',
    'good.com (evil.example)',
    'me@good.example (you@evil.example)',
    'https://good.example/a',
    'Node.js',
    'https://good.example@evil.example/ (evil.example)',
  ]);
  await expect(lastAnswer.getByRole('link', { name: 'me@good.example' })).not.toHaveAttribute('target');
});

test('an image in a link is its text, and what leads nowhere is no link', async ({ page, upstream }) => {
  const { lastAnswer } = await openAnswer(
    page,
    upstream,
    '[![Build](https://images.example/a.png)](https://good.example/)\n\n[Notes](notes.md) ![Plan](plan.png) ![](data:image/png,a)',
  );
  await expect(lastAnswer.getByRole('link')).toHaveCount(1);
  await expect(lastAnswer.getByRole('link', { name: 'Image: Build' })).toHaveAttribute('href', 'https://good.example/');
  await expect(lastAnswer.getByRole('paragraph').last()).toHaveText('Notes Image: Plan Image: no description');
});

test('a footnote leads to its text and back, without another page', async ({ page, upstream }) => {
  const filling = 'Some words.\n\n'.repeat(40);
  const { lastAnswer } = await openAnswer(page, upstream, `A claim.[^1]\n\n${filling}[^1]: The proof.`);
  const reference = lastAnswer.getByRole('link', { name: '1', exact: true });
  const back = lastAnswer.getByRole('link', { name: 'Back to reference 1' });
  await reference.click();
  await expect(back).toBeInViewport();
  await expect(reference).not.toBeInViewport();
  await back.click();
  await expect(reference).toBeInViewport();
  expect(page.context().pages()).toHaveLength(1);
});
