import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { wholeAnswer } from './frames';
import { promptByHand } from './upstream';

// Texts of others are not part of the project; `CORPORA_DIR` says where they are.
const corpora = process.env.CORPORA_DIR;
if (!corpora && process.env.TEST_WORKER_INDEX === undefined) {
  process.stdout.write('CORPORA_DIR is not set: the list of naughty strings is not shown.\n');
}

const readStrings = (folder: string): readonly string[] => JSON.parse(readFileSync(join(folder, 'blns.json'), 'utf8'));

const TEXTS: readonly (readonly [id: string, what: string, text: string])[] = [
  ...(corpora ? [['A032', 'every naughty string', readStrings(corpora).join('\n')] as const] : []),
  ['A033', 'an override of direction and invisible tags', 'a \u202eevil\u202c b \u{e0001}\u{e0041} c'],
  ['A033', 'a tower of combining marks', `a${'\u0301'.repeat(20_000)} b`],
  ['A033', 'five thousand joiners', `x${'\u200d'.repeat(5000)}y`],
];

for (const [id, what, text] of TEXTS) {
  test(`${id} · told, kept and shown as written, and no wider than the page: ${what}`, async ({ page, upstream }) => {
    const chat = await ChatPage.open(page);
    const prompt = `${promptByHand(id)}\n${text}`;
    await chat.send(prompt);
    const call = await upstream.nextCall(prompt);
    call.send(wholeAnswer(text));
    call.end();
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
    const shown = await chat.lastQuestion.textContent();
    expect(shown).toContain(prompt);
    const isOverflowing = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;
    expect(await page.evaluate(isOverflowing)).toBe(false);

    const again = await ChatPage.reopen(page, page.url());
    expect(await again.lastQuestion.textContent()).toContain(prompt);
    await expect(again.lastAnswer).toHaveAttribute('data-status', 'complete');
  });
}
