import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { wholeAnswer } from './frames';
import { promptByHand } from './upstream';

test('B-off0 · a question that is sent without a network is kept, marked as not sent, and can be sent later', async ({
  page,
  context,
  upstream,
  pageErrors,
}) => {
  pageErrors.allow(/ERR_INTERNET_DISCONNECTED/);
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('on a train');
  await context.setOffline(true);
  await chat.send(prompt);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'failed');
  await expect(chat.lastAnswer).toContainText('You are offline.');
  await expect(chat.lastQuestion).toContainText(prompt);
  await expect(chat.lastQuestion.getByText('Not sent')).toBeVisible();

  // As often as one likes: each try says the same.
  await chat.lastAnswer.getByRole('button', { name: 'Retry' }).click();
  await expect(chat.lastAnswer).toContainText('You are offline.');
  await expect(chat.lastQuestion.getByText('Not sent')).toBeVisible();
  await expect(chat.answers).toHaveCount(1);
  await chat.composer.fill('Typed meanwhile');

  await context.setOffline(false);
  await chat.lastAnswer.getByRole('button', { name: 'Retry' }).click();
  // The first call for it: nothing has left the page before.
  const call = await upstream.nextCall(prompt);
  call.send(wholeAnswer('Here you are.'));
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(chat.lastQuestion.getByText('Not sent')).toHaveCount(0);
  await expect(chat.answers).toHaveCount(1);
  await expect(chat.composer).toHaveValue('Typed meanwhile');
  expect(upstream.calls).toHaveLength(1);
});

test('B-off0 · the next question takes along the one that was not sent', async ({
  page,
  context,
  upstream,
  pageErrors,
}) => {
  pageErrors.allow(/ERR_INTERNET_DISCONNECTED/);
  const chat = await ChatPage.open(page);
  await context.setOffline(true);
  await chat.send('Are you there?');
  await expect(chat.lastQuestion.getByText('Not sent')).toBeVisible();
  await context.setOffline(false);
  await chat.send('And now?');
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  expect(upstream.calls.map(({ texts }) => texts)).toEqual([['Are you there?\n\nAnd now?']]);
  // It has been sent by now, together with the other.
  await expect(page.getByText('Not sent')).toHaveCount(0);
});
