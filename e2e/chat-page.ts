import { expect, type Locator, type Page } from '@playwright/test';

/** The page as a person knows it: by roles and names. */
export class ChatPage {
  readonly page: Page;
  readonly composer: Locator;
  readonly sendButton: Locator;
  readonly stopButton: Locator;
  readonly answers: Locator;

  private constructor(page: Page) {
    this.page = page;
    this.composer = page.getByRole('textbox', { name: 'Message' });
    this.sendButton = page.getByRole('button', { name: 'Send' });
    this.stopButton = page.getByRole('button', { name: 'Stop' });
    this.answers = page.getByRole('article', { name: 'Claude' });
  }

  /** Opens the page, on another server where its address is given; it is ready when what is typed enables Send. */
  static async open(page: Page, url = '/'): Promise<ChatPage> {
    await page.goto(url);
    const chat = new ChatPage(page);
    await expect(async () => {
      await chat.composer.fill('ready?');
      await expect(chat.sendButton).toBeEnabled({ timeout: 200 });
    }).toPass();
    await chat.composer.fill('');
    return chat;
  }

  /** The page as it is. */
  static at(page: Page): ChatPage {
    return new ChatPage(page);
  }

  /** Opens the page of a chat that was begun before; it is ready when its turns are there. */
  static async reopen(page: Page, url: string): Promise<ChatPage> {
    await page.goto(url);
    const chat = new ChatPage(page);
    await chat.lastQuestion.waitFor();
    return chat;
  }

  get lastAnswer(): Locator {
    return this.answers.last();
  }

  /** What can be done about the last answer, in words. */
  get lastButtons(): Locator {
    return this.lastAnswer.getByRole('button').filter({ hasText: /\S/ });
  }

  /** The messages that wait for the end of the running answer. */
  get queue(): Locator {
    return this.page.getByRole('region', { name: 'Queue' }).getByRole('listitem');
  }

  /** Another wording of a question, while it is written. */
  get editor(): Locator {
    return this.page.getByRole('textbox', { name: 'Edit question' });
  }

  /** Which of several turns is shown in the place of one, such as "2 / 3", and the way to the others. */
  pagerOf(turn: Locator): Locator {
    return turn.getByRole('group', { name: 'Versions' });
  }

  get lastQuestion(): Locator {
    return this.page.getByRole('article', { name: 'You' }).last();
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }
}
