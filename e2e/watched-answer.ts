import type { JSHandle, Locator, Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { dictate } from './dictation';
import { expect } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart } from './frames';
import { type SettledReport, type SettledWatch, watchSettled } from './settled-nodes';
import { promptByHand, type Upstream } from './upstream';
import type { UpstreamCall } from './upstream-call';

/** About one frame of a screen: each piece is drawn for itself where the machine can. */
const PIECE_EVERY_MS = 16;

/** What is watched is on the page when it is there. */
const OPENING = 'It begins.';

/** A running answer, and what becomes of its settled elements. */
export class WatchedAnswer {
  private constructor(
    readonly chat: ChatPage,
    /** Its text. */
    readonly body: Locator,
    readonly watch: JSHandle<SettledWatch>,
    readonly call: UpstreamCall,
  ) {}

  /** Begins with a paragraph of its own. */
  static async begin(page: Page, upstream: Upstream): Promise<WatchedAnswer> {
    const chat = await ChatPage.open(page);
    const prompt = promptByHand('something long');
    await chat.send(prompt);
    const call = await upstream.nextCall(prompt);
    call.send(messageStart(), textStart(), textDelta(OPENING));
    const body = chat.lastAnswer.locator('.answer');
    await expect(body).toHaveText(OPENING);
    return new WatchedAnswer(chat, body, await watchSettled(body), call);
  }

  /** Adds all at once, and waits until some of it is shown. */
  async grow(text: string, shown: string): Promise<void> {
    this.call.send(textDelta(text));
    await expect(this.body).toContainText(shown);
  }

  /** Adds one piece after the other, in real time. */
  async stream(pieces: readonly string[]): Promise<void> {
    const frames = pieces.map((piece) => textDelta(piece));
    await dictate(this.call, frames, PIECE_EVERY_MS);
  }

  async finish(): Promise<SettledReport> {
    this.call.send(blockStop(), messageEnd());
    this.call.end();
    await expect(this.chat.lastAnswer).toHaveAttribute('data-status', 'complete');
    return this.watch.evaluate((watch) => watch.report());
  }
}
