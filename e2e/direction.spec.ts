import type { Locator } from '@playwright/test';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { wholeAnswer } from './frames';
import { promptByHand } from './upstream';

const ANSWER = `An English paragraph.

פסקה בעברית.

- פריט ראשון
- פריט שני

| name | שם |
|---|---|
| one | אחת |
`;

/** On which side of its box a text begins. */
const sideOf = (text: Locator) =>
  text.evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const box = element.getBoundingClientRect();
    const { left, right } = range.getBoundingClientRect();
    return left - box.left < box.right - right ? 'left' : 'right';
  });

test('each block of an answer begins on the side of its own script, and so do the marks of a list', async ({
  page,
  upstream,
}) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('two scripts');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(wholeAnswer(ANSWER));
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  const [english, hebrew] = [chat.lastAnswer.getByText('An English'), chat.lastAnswer.getByText('פסקה')];
  expect(await sideOf(english)).toBe('left');
  expect(await sideOf(hebrew)).toBe('right');
  await expect(chat.lastAnswer.getByRole('list').filter({ hasText: 'פריט' })).toHaveCSS('direction', 'rtl');
  expect(await sideOf(chat.lastAnswer.getByRole('cell', { name: 'one' }))).toBe('left');
  expect(await sideOf(chat.lastAnswer.getByRole('cell', { name: 'אחת' }))).toBe('right');
});
