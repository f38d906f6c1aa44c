import type { Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { expect } from './fixtures';
import { wholeAnswer } from './frames';
import { promptByHand, type Upstream } from './upstream';

/** Opens a page and has Claude give this answer, all of it. */
export async function openAnswer(page: Page, upstream: Upstream, answer: string): Promise<ChatPage> {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('one answer');
  await chat.composer.fill(prompt);
  // On a phone Enter begins a line.
  await chat.sendButton.click();
  const call = await upstream.nextCall(prompt);
  call.send(wholeAnswer(answer));
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  return chat;
}
