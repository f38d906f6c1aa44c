/** How long it takes to open a chat and to type, with many chats and with few: figures, and no limits. */
import type { Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { test } from './fixtures';
import { fillHistory } from './history-records';

const SIZES = [
  { chats: 10, messages: 10 },
  { chats: 1000, messages: 10 },
];
const OPENINGS = 30;
const KEYS = 60;

type Figures = { readonly open: readonly number[]; readonly type: readonly number[] };

test('history', async ({ browser, live }) => {
  test.setTimeout(180_000);
  const figures: Figures[] = [];
  for (const size of SIZES) {
    const context = await browser.newContext({ baseURL: live.url });
    const page = await context.newPage();
    const chat = await ChatPage.open(page);
    // Said when the database is open and empty.
    await page.getByText('Your chats will be listed here').waitFor();
    await page.evaluate(fillHistory, size);
    await page.reload();
    await page
      .getByRole('navigation', { name: 'Chats' })
      .getByRole('link')
      .nth(size.chats - 1)
      .waitFor({ state: 'attached' });
    figures.push({ open: await openAtRandom(page, size.chats), type: await typeInto(chat) });
    await context.close();
  }
  const [few, many] = figures;
  if (!few || !many) return;
  const total = SIZES.at(-1);
  console.log(
    `\n${total?.chats} chats of ${total?.messages} messages, against ${SIZES[0]?.chats} of as many; milliseconds`,
  );
  console.log(`first ${many.open[0]?.toFixed(1)}, with few: ${few.open[0]?.toFixed(1)} (the code is cold)`);
  for (const what of ['open', 'type'] as const) {
    const line = `p50 ${p(many[what], 0.5)}, p95 ${p(many[what], 0.95)}, max ${p(many[what], 1)}`;
    console.log(`${what.padEnd(5)} ${line}; with few: p50 ${p(few[what], 0.5)}, p95 ${p(few[what], 0.95)}`);
    console.log(
      `${' '.repeat(5)} × ${(quantile(many[what], 0.5) / quantile(few[what], 0.5)).toFixed(2)} of the time with few`,
    );
  }
});

/** From the click on a chat in the list to the frame in which its last answer is drawn. */
async function openAtRandom(page: Page, chats: number): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < OPENINGS; round += 1) {
    // Never the same one twice in a row, and from everywhere in the list.
    const index = (round * 331) % chats;
    times.push(
      await page.evaluate(async (wanted) => {
        const link = document.querySelector<HTMLAnchorElement>(`nav a[href="/chat/chat-${wanted}"]`);
        if (!link) throw new Error(`no chat ${wanted}`);
        // Nobody finds the next chat before the page has done with the last one.
        await new Promise((resolve) => requestIdleCallback(resolve));
        const startedAt = performance.now();
        link.click();
        const isThere = () =>
          document.querySelector('main')?.textContent?.includes(`The last answer of chat ${wanted}.`);
        while (!isThere()) await new Promise((resolve) => requestAnimationFrame(resolve));
        // Asked at the beginning of a frame; what comes next comes when that is drawn.
        await new Promise((resolve) => setTimeout(resolve));
        return performance.now() - startedAt;
      }, index),
    );
  }
  return times;
}

/** From a key to the frame in which its character is drawn. */
async function typeInto({ page, composer }: ChatPage): Promise<number[]> {
  await composer.focus();
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(globalThis, { keyTimes: times });
    document.addEventListener('keydown', ({ timeStamp }) => {
      requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - timeStamp)));
    });
  });
  await composer.pressSequentially('x'.repeat(KEYS), { delay: 30 });
  return page.evaluate(() => (globalThis as unknown as { keyTimes: number[] }).keyTimes);
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

const p = (times: readonly number[], share: number) => quantile(times, share).toFixed(1);
