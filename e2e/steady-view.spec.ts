import type { Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart, thinkingDelta, thinkingStart } from './frames';
import { watchPainted } from './painted-places';
import { promptByHand, type Upstream } from './upstream';
import type { UpstreamCall } from './upstream-call';

/** A phone whose browser has no scroll anchoring is an iPhone. */
const WORLDS = [
  { world: 'on a desktop with scroll anchoring', use: {}, hasAnchoring: true },
  {
    world: 'on a phone without scroll anchoring',
    use: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true },
    hasAnchoring: false,
  },
];

const PREFERENCES = ['open', 'folded', 'hidden', 'open', 'hidden', 'folded'] as const;
const LINES = Array.from({ length: 40 }, (_, line) => `Line ${line + 1} of a long answer.\n\n`);
const RICH = [
  '## A heading\n\n',
  '| one | two |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\n',
  'Euler wrote\n\n$$\n\\sum_{n=1}^{\\infty} \\frac{1}{n^2} = \\frac{\\pi^2}{6}\n$$\n\n',
  '```ts\nconst answer = 42;\nconsole.log(answer);\n```\n\n',
  '```mermaid\nflowchart TD\n  one --> two\n```\n\n',
  '![a picture](https://example.org/a.png)\n\n- a list\n- of items\n\n',
];

const messages = (page: Page) => page.getByRole('region', { name: 'Messages' });
const content = (page: Page) => messages(page).locator('.column');
const jump = (page: Page) => page.getByRole('button', { name: 'Jump to latest' });

type Running = { readonly chat: ChatPage; readonly call: UpstreamCall };

/** A finished answer of more than 1,000 pixels, and one that has begun to think. */
async function begin(page: Page, upstream: Upstream): Promise<Running> {
  const chat = await ChatPage.open(page);
  const [before, prompt] = [promptByHand('history'), promptByHand('steady')];
  await chat.composer.fill(before);
  await chat.sendButton.click();
  const earlier = await upstream.nextCall(before);
  earlier.send(messageStart(), thinkingStart(0), ...LINES.map((line) => thinkingDelta(`Earlier thought: ${line}`, 0)));
  earlier.send(blockStop(0), textStart(1), ...LINES.map((line) => textDelta(`Earlier: ${line}`, 1)));
  earlier.send(blockStop(1), messageEnd());
  earlier.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await chat.composer.fill(prompt);
  await chat.sendButton.click();
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), thinkingStart(0), ...LINES.map((line) => thinkingDelta(`Thought: ${line}`, 0)));
  await expect(page.getByRole('button', { name: 'Thinking…' })).toBeVisible();
  return { chat, call };
}

/** What another tab does in which "Claude's thinking" is chosen. */
async function choose(page: Page, thinking: string): Promise<void> {
  await page.evaluate((value) => {
    localStorage.setItem('rivulet/preferences', JSON.stringify({ thinking: value }));
    dispatchEvent(new StorageEvent('storage', { key: 'rivulet/preferences' }));
  }, thinking);
  const panel = page.getByRole('button', { name: /^(Thought for|Thinking…)/ });
  if (thinking === 'hidden') await expect(panel).toHaveCount(0);
  else await expect(panel.last()).toHaveAttribute('aria-expanded', String(thinking === 'open'));
}

/** Everything that can happen to a thread while its reader only reads. */
async function letMuchHappen({ chat, call }: Running): Promise<void> {
  const { page } = chat;
  for (const thinking of PREFERENCES) await choose(page, thinking);
  call.send(...LINES.map((line) => thinkingDelta(`More: ${line}`, 0)));
  await choose(page, 'open');
  call.send(blockStop(0), textStart(1));
  for (const piece of RICH) {
    call.send(textDelta(piece, 1));
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  for (const thinking of PREFERENCES) {
    call.send(...LINES.map((line) => textDelta(`After ${thinking}: ${line}`, 1)));
    await choose(page, thinking);
  }
  await expect(chat.lastAnswer.locator('.katex')).toBeVisible();
  // Something above grows by itself, as an image or a diagram may.
  await chat.answers.first().evaluate((answer) => answer.setAttribute('style', 'padding-block-start: 333px'));
  call.send(blockStop(1), messageEnd());
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
}

async function scrollTo(page: Page, text: string): Promise<void> {
  // By hand away from the end: what a script scrolls just before a change counts as the end moving on.
  await messages(page).hover();
  await page.mouse.wheel(0, -400);
  await expect(jump(page)).toBeVisible();
  await messages(page).evaluate(async (view, words) => {
    // A wheel rolls out.
    for (let still = 0, last = -1; still < 6; still = view.scrollTop === last ? still + 1 : 0) {
      last = view.scrollTop;
      await new Promise(requestAnimationFrame);
    }
    const line = [...view.querySelectorAll('p')].find((each) => each.textContent === words);
    if (line) view.scrollTop += line.getBoundingClientRect().top - view.getBoundingClientRect().top - 200;
  }, text);
}

for (const { world, use, hasAnchoring } of WORLDS) {
  test.describe(world, () => {
    test.use(use);
    if (!hasAnchoring) test.beforeEach(({ page }) => page.addInitScript(withoutAnchoring));

    test('a reader in the history is not moved by one pixel, whatever happens above and below', async ({
      page,
      upstream,
    }) => {
      const running = await begin(page, upstream);
      await scrollTo(page, 'Earlier: Line 30 of a long answer.');
      const line = page.getByText('Earlier: Line 30 of a long answer.', { exact: true });
      const read = await watchPainted(line, 'top');
      await letMuchHappen(running);
      const { frames, changes } = await read();
      expect(frames).toBeGreaterThan(30);
      expect(changes).toHaveLength(1);
    });

    test('a reader is not moved by what is gone for less than a frame', async ({ page, upstream }) => {
      const { chat, call } = await begin(page, upstream);
      await choose(page, 'open');
      call.send(blockStop(0), textStart(1), ...LINES.map((line) => textDelta(line, 1)));
      await expect(chat.lastAnswer).toContainText('Line 40 of a long answer.');
      await scrollTo(page, 'Line 30 of a long answer.');
      const line = chat.lastAnswer.getByText('Line 30 of a long answer.', { exact: true });
      const read = await watchPainted(line, 'top');
      await chat.lastAnswer.getByText('Thought: Line 1').evaluate(vanishForAnInstant);
      expect((await read()).changes).toHaveLength(1);
    });

    test('a reader in the middle of the running answer is not moved by one pixel', async ({ page, upstream }) => {
      const { chat, call } = await begin(page, upstream);
      call.send(blockStop(0), textStart(1), ...LINES.map((line) => textDelta(line, 1)));
      const line = chat.lastAnswer.getByText('Line 20 of a long answer.', { exact: true });
      await expect(chat.lastAnswer).toContainText('Line 40 of a long answer.');
      await scrollTo(page, 'Line 20 of a long answer.');
      const read = await watchPainted(line, 'top');
      for (const thinking of PREFERENCES) {
        call.send(...LINES.map((each) => textDelta(`After ${thinking}: ${each}`, 1)));
        // Before it has come the end is close, and who is close to the end follows it.
        await expect(chat.lastAnswer).toContainText(`After ${thinking}: Line 40`);
        await choose(page, thinking);
      }
      call.send(blockStop(1), messageEnd());
      call.end();
      await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
      expect((await read()).changes).toHaveLength(1);
    });

    test('a reader at the end sees the end in every frame', async ({ page, upstream }) => {
      const running = await begin(page, upstream);
      const read = await watchPainted(content(page), 'bottom');
      await letMuchHappen(running);
      const { frames, changes } = await read();
      expect(frames).toBeGreaterThan(30);
      const end = await messages(page).evaluate((view) => view.getBoundingClientRect().bottom);
      expect(changes.filter((bottom) => Math.abs(bottom - end) > 2)).toEqual([]);
    });

    test('a reader at the end goes on following when what is above is gone for less than a frame', async ({
      page,
      upstream,
    }) => {
      const { chat, call } = await begin(page, upstream);
      await choose(page, 'open');
      call.send(blockStop(0), textStart(1), ...LINES.map((line) => textDelta(line, 1)));
      await expect(chat.lastAnswer).toContainText('Line 40 of a long answer.');
      await chat.lastAnswer.getByText('Thought: Line 1').evaluate(vanishForAnInstant);
      call.send(...LINES.map((line) => textDelta(`After: ${line}`, 1)));
      await expect(chat.lastAnswer.getByText('After: Line 40 of a long answer.')).toBeInViewport();
      await expect(jump(page)).toBeHidden();
    });

    test('a reader at the end goes on following when something is there for less than a frame', async ({
      page,
      upstream,
    }) => {
      const { chat, call } = await begin(page, upstream);
      call.send(blockStop(0), textStart(1), ...LINES.map((line) => textDelta(line, 1)));
      await expect(chat.lastAnswer).toContainText('Line 40 of a long answer.');
      await chat.lastAnswer.evaluate(growForAnInstant);
      call.send(...LINES.map((line) => textDelta(`After: ${line}`, 1)));
      await expect(chat.lastAnswer.getByText('After: Line 40 of a long answer.')).toBeInViewport();
      await expect(jump(page)).toBeHidden();
    });

    test('a reader of a thought that is folded stays with its label', async ({ page, upstream }) => {
      const { call } = await begin(page, upstream);
      await choose(page, 'open');
      call.send(blockStop(0), textStart(1), ...LINES.map((line) => textDelta(line, 1)));
      await expect(page.getByText('Line 40 of a long answer.', { exact: true })).toBeVisible();
      await page
        .getByText('Thought: Line 1')
        .last()
        .evaluate((panel) => {
          const view = panel.closest('.view');
          if (view) view.scrollTop += panel.getBoundingClientRect().top - view.getBoundingClientRect().top + 900;
        });
      await expect(jump(page)).toBeVisible();
      await choose(page, 'folded');
      await expect(page.getByRole('button', { name: /^Thought for/ }).last()).toBeInViewport();
    });

    test('the versions of an answer are gone through in one place, at the end of a thread too', async ({
      page,
      upstream,
    }) => {
      const chat = await ChatPage.open(page);
      const prompt = promptByHand('versions');
      await chat.composer.fill(prompt);
      await chat.sendButton.click();
      for (const [version, count] of [20, 40, 30].entries()) {
        if (version > 0) await chat.lastAnswer.getByRole('button', { name: 'Regenerate' }).click();
        const call = await upstream.nextCall(prompt);
        call.send(messageStart(), textStart(), ...LINES.slice(0, count).map((line) => textDelta(line)));
        call.send(blockStop(), messageEnd());
        call.end();
        await expect(chat.lastAnswer).toContainText(`Line ${count} of`);
        await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
      }
      const pager = chat.pagerOf(chat.lastAnswer);
      await expect(pager).toHaveText('3 / 3');
      const read = await watchPainted(pager, 'top');
      for (const [step, place] of [
        ['Previous version', '2 / 3'],
        ['Previous version', '1 / 3'],
        ['Next version', '2 / 3'],
        ['Next version', '3 / 3'],
      ] as const) {
        await pager.getByRole('button', { name: step }).click();
        await expect(pager).toHaveText(place);
        const { changes } = await read();
        expect(Math.max(...changes) - Math.min(...changes), place).toBeLessThan(2);
      }
    });
  });
}

/** Runs in the page. The end is above the reader for an instant, and the view is moved to it when a place is asked for. */
async function vanishForAnInstant(element: HTMLElement): Promise<void> {
  await new Promise(requestAnimationFrame);
  element.hidden = true;
  element.parentElement?.getBoundingClientRect();
  await Promise.resolve();
  element.hidden = false;
}

/** Runs in the page. The end is below the reader for an instant, and the view has followed it when it comes back. */
async function growForAnInstant(element: HTMLElement): Promise<void> {
  await new Promise(requestAnimationFrame);
  element.style.paddingBlockEnd = '2000px';
  await Promise.resolve();
  element.style.paddingBlockEnd = '';
  await Promise.resolve();
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
}

/** Runs in the page: as in Safari. */
function withoutAnchoring(): void {
  const { supports } = CSS;
  CSS.supports = (...[property, value]: [string, string?]) =>
    property !== 'overflow-anchor' && (value === undefined ? supports(property) : supports(property, value));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('.view { overflow-anchor: none !important }');
  document.adoptedStyleSheets.push(sheet);
}
