import type { Locator, Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { wholeAnswer } from './frames';
import { promptByHand, type Upstream } from './upstream';

const SCREENS = [
  { screen: 'a desktop', use: {} },
  { screen: 'a phone', use: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true } },
];

const textsOf = (page: Page) => page.getByRole('article').locator('p');

/** The next call of a question is answered with one paragraph. Gives what Claude was told. */
async function answer(upstream: Upstream, question: string, words: string) {
  const call = await upstream.nextCall(question);
  call.send(wholeAnswer(words));
  call.end();
  return call;
}

async function ask(chat: ChatPage, upstream: Upstream, question: string, words: string) {
  await chat.composer.fill(question);
  await chat.sendButton.click();
  const call = await answer(upstream, question, words);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  return call;
}

/** Chooses in the menu of a turn. */
async function choose(turn: Locator, item: string): Promise<void> {
  await turn.getByRole('button', { name: 'More about this' }).click();
  await turn.getByRole('menuitem', { name: item }).click();
}

async function edit(chat: ChatPage, question: Locator, words: string): Promise<void> {
  await question.getByRole('button', { name: 'Edit' }).click();
  await chat.editor.fill(words);
  await chat.page.getByRole('button', { name: 'Ask again' }).click();
}

for (const { screen, use } of SCREENS) {
  test.describe(`on ${screen}`, () => {
    test.use(use);

    test('another wording and another answer stand beside the first ones, and nothing is lost', async ({
      page,
      upstream,
    }) => {
      const chat = await ChatPage.open(page);
      const [first, second, changed] = [promptByHand('one'), promptByHand('two'), promptByHand('two, changed')];
      await ask(chat, upstream, first, 'One.');
      await ask(chat, upstream, second, 'Two.');
      await edit(chat, chat.lastQuestion, changed);
      expect((await answer(upstream, changed, 'Two, changed.')).texts).toEqual([first, 'One.', changed]);
      await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
      await expect(chat.pagerOf(chat.lastQuestion)).toHaveText('2 / 2');

      await chat.answers.first().getByRole('button', { name: 'Regenerate' }).click();
      expect((await answer(upstream, first, 'One again.')).texts).toEqual([first]);
      await expect(chat.lastAnswer).toContainText('One again.');
      await expect(chat.answers).toHaveCount(1);
      await expect(chat.pagerOf(chat.lastAnswer)).toHaveText('2 / 2');

      await chat.lastAnswer.getByRole('button', { name: 'Previous version' }).click();
      await expect(chat.answers).toHaveCount(2);
      await expect(textsOf(page)).toHaveText([first, 'One.', changed, 'Two, changed.']);
      await chat.lastQuestion.getByRole('button', { name: 'Previous version' }).click();
      await expect(chat.lastQuestion).toContainText(second);
      await expect(textsOf(page)).toHaveText([first, 'One.', second, 'Two.']);

      await page.reload();
      await expect(chat.answers).toHaveCount(2);
      await expect(textsOf(page)).toHaveText([first, 'One.', second, 'Two.']);
      await expect(chat.pagerOf(chat.lastQuestion)).toHaveText('1 / 2');
      // What is said now stands behind what is shown.
      const third = promptByHand('three');
      expect((await ask(chat, upstream, third, 'Three.')).texts).toEqual([first, 'One.', second, 'Two.', third]);
    });

    test('an answer can be had from another model, and says whose it is', async ({ page, upstream }) => {
      const chat = await ChatPage.open(page);
      const prompt = promptByHand('whose');
      await ask(chat, upstream, prompt, 'Mine.');
      await choose(chat.lastAnswer, 'Claude Opus 5.5');
      const again = await answer(upstream, prompt, 'Its.');
      expect(again.body.model).toBe('claude-opus-5-5');
      await expect(chat.lastAnswer).toContainText('Its.');
      await expect(chat.lastAnswer.getByRole('list', { name: 'Measured' })).toContainText('Claude Opus 5.5');
      await chat.lastAnswer.getByRole('button', { name: 'Previous version' }).click();
      await expect(chat.lastAnswer.getByRole('list', { name: 'Measured' })).toContainText('Claude Sonnet 5.5');
      // That was for one answer: the chat keeps its model.
      await expect(page.getByRole('combobox', { name: 'Model' })).toHaveValue('claude-sonnet-5-5');
    });
  });
}

test('a turn that is deleted is not told to Claude any more, and comes back with Undo', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const [first, second, third] = [promptByHand('one'), promptByHand('two'), promptByHand('three')];
  await ask(chat, upstream, first, 'One.');
  await ask(chat, upstream, second, 'Two.');
  await choose(page.getByRole('article', { name: 'You' }).first(), 'Delete with its answers');
  await expect(page.getByText('Deleted. Claude is not told of it any more.')).toHaveCount(1);
  await expect(chat.answers).toHaveCount(1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(chat.answers).toHaveCount(2);

  await choose(page.getByRole('article', { name: 'You' }).first(), 'Delete with its answers');
  await expect(chat.answers).toHaveCount(1);
  expect((await ask(chat, upstream, third, 'Three.')).texts).toEqual([second, 'Two.', third]);
  await choose(chat.lastAnswer, 'Delete');
  await expect(chat.answers).toHaveCount(1);
  // Its question has no answer now, and can be asked again.
  await chat.lastQuestion.getByRole('button', { name: 'Retry' }).click();
  expect((await answer(upstream, third, 'Three again.')).texts).toEqual([second, 'Two.', third]);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await page.reload();
  await expect(chat.answers).toHaveCount(2);
  await expect(textsOf(page)).toHaveText([second, 'Two.', third, 'Three again.']);
});

test('a chat forks at any turn into one of its own', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const [first, second, other] = [promptByHand('one'), promptByHand('two'), promptByHand('other')];
  await ask(chat, upstream, first, 'One.');
  await ask(chat, upstream, second, 'Two.');
  const before = page.url();
  await choose(chat.answers.first(), 'Fork from here');
  await expect(page).not.toHaveURL(before);
  await expect(chat.answers).toHaveCount(1);
  expect((await ask(chat, upstream, other, 'Other.')).texts).toEqual([first, 'One.', other]);
  await page.reload();
  await expect(chat.answers).toHaveCount(2);
  await page.goBack();
  await expect(page).toHaveURL(before);
  await expect(chat.lastAnswer).toContainText('Two.');
});

test('another wording that is half written is there after a reload, and given up it can be had back', async ({
  page,
}) => {
  const chat = await ChatPage.open(page);
  await chat.composer.fill('The first wording');
  await chat.sendButton.click();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await chat.lastQuestion.getByRole('button', { name: 'Edit' }).click();
  await expect(chat.editor).toHaveValue('The first wording');
  await chat.editor.fill('The second');
  await page.reload();
  await expect(chat.editor).toHaveValue('The second');
  await chat.editor.press('Escape');
  await expect(chat.lastQuestion).toContainText('The first wording');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(chat.editor).toHaveValue('The second');
});

test('two tabs show the same branch, and the other one can choose it', async ({ page, context, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('two tabs');
  await ask(chat, upstream, prompt, 'One.');
  await chat.lastAnswer.getByRole('button', { name: 'Regenerate' }).click();
  await answer(upstream, prompt, 'Two.');
  await expect(chat.pagerOf(chat.lastAnswer)).toHaveText('2 / 2');
  const other = await ChatPage.reopen(await context.newPage(), page.url());
  await other.lastAnswer.getByRole('button', { name: 'Previous version' }).click();
  for (const each of [chat, other]) await expect(each.lastAnswer).toContainText('One.');
  await chat.lastAnswer.getByRole('button', { name: 'Next version' }).click();
  for (const each of [chat, other]) await expect(each.lastAnswer).toContainText('Two.');
});

test('by keyboard: the pager keeps the focus and its place, the menu is walked by arrows', async ({
  page,
  upstream,
}) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('keys');
  await ask(chat, upstream, prompt, `Long.\n\n${'A paragraph.\n\n'.repeat(60)}`);
  await chat.lastAnswer.getByRole('button', { name: 'Regenerate' }).focus();
  await page.keyboard.press('Enter');
  await answer(upstream, prompt, 'Short.');
  await expect(chat.lastAnswer).toContainText('Short.');
  const previous = chat.lastAnswer.getByRole('button', { name: 'Previous version' });
  await previous.focus();
  await page.keyboard.press('Enter');
  await expect(chat.lastAnswer).toContainText('Long.');
  await expect(previous).toBeFocused();
  await expect(previous).toBeInViewport();

  await chat.lastAnswer.getByRole('button', { name: 'More about this answer' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Claude Sonnet 5.5' })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('menuitem', { name: 'Delete' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(chat.lastAnswer.getByRole('button', { name: 'More about this answer' })).toBeFocused();
});

test('while an answer is written no other branch can be had', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('busy');
  await ask(chat, upstream, prompt, 'One.');
  await chat.lastAnswer.getByRole('button', { name: 'Regenerate' }).click();
  const call = await upstream.nextCall(prompt);
  await expect(chat.stopButton).toBeVisible();
  for (const name of ['Edit', 'Regenerate', 'Previous version', 'More about this question']) {
    await expect(page.getByRole('button', { name, exact: true })).toHaveCount(0);
  }
  call.send(wholeAnswer('Two.'));
  call.end();
  await expect(chat.lastQuestion.getByRole('button', { name: 'Edit' })).toBeVisible();
});
