import { expect, test } from './fixtures';
import { watchShifts } from './layout-shifts';
import { mixed } from './render-blocks';
import { cut } from './render-documents';
import { Prose } from './render-prose';
import { WatchedAnswer } from './watched-answer';

const PIECES = cut({ text: `\n\n${mixed(new Prose(2), 20_000, 4)}`, updates: 430 });
/** More than a screen shows. */
const FIRST_PIECES = 80;

// A recording of the page would be most of what it does.
test.use({ trace: 'off' });

test('while the view follows a long answer, nothing of it moves that is settled', async ({ page, upstream }) => {
  const answer = await WatchedAnswer.begin(page, upstream);
  const readShifts = await watchShifts(answer);
  await answer.stream(PIECES);
  const { updates, settled } = await answer.finish();
  expect(updates, 'it came in pieces').toBeGreaterThan(PIECES.length / 10);
  expect(settled).toBeGreaterThan(100);
  expect(await readShifts()).toMatchObject({ settled: [], displaced: [] });
});

test('while an answer grows below, nothing moves for a reader at its beginning', async ({ page, upstream }) => {
  const answer = await WatchedAnswer.begin(page, upstream);
  await answer.stream(PIECES.slice(0, FIRST_PIECES));
  const view = page.getByRole('region', { name: 'Messages' });
  await view.hover();
  await page.mouse.wheel(0, -100_000);
  await expect.poll(() => view.evaluate((box) => box.scrollTop)).toBe(0);
  await expect(page.getByRole('button', { name: 'Jump to latest' })).toBeVisible();

  const readShifts = await watchShifts(answer);
  await answer.stream(PIECES.slice(FIRST_PIECES));
  await expect(answer.body).toContainText(PIECES.at(-1)?.trim().slice(-10) ?? '');
  expect(await readShifts()).toEqual({ all: [], settled: [], displaced: [] });
  await answer.finish();
  expect(await readShifts()).toMatchObject({ settled: [], displaced: [] });

  // What moves is seen, or all of the above says nothing.
  await answer.body.evaluate((body) => body.firstElementChild?.setAttribute('style', 'margin-block-end: 4rem'));
  const { settled, displaced } = await readShifts();
  expect(settled.length).toBeGreaterThan(0);
  expect(displaced.length).toBeGreaterThan(100);
});
