import { join } from 'node:path';
import { ChatPage } from './chat-page';
import { dictate } from './dictation';
import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart, wholeAnswer } from './frames';
import { type HostileText, OWN_TEXTS, piecesOf, readHostileTexts } from './hostile-texts';
import { watchMainThread } from './main-thread';
import { promptByHand, type Upstream } from './upstream';

/** The texts of others are not part of the project; `CORPORA_DIR` says where they are. */
const folder = process.env.CORPORA_DIR;
const TEXTS_OF_OTHERS = folder ? readHostileTexts(join(folder, 'markdown', 'pathological')) : [];
// Loaded by the runner and again by each worker; one line is enough.
if (!folder && process.env.TEST_WORKER_INDEX === undefined) {
  process.stdout.write('CORPORA_DIR is not set: the texts that break other renderers are not drawn.\n');
}

/** One page draws so many, one under the other. */
const TEXTS_PER_PAGE = 8;
/** Between two pieces: faster than any screen, so that a page that falls behind gets several at once. */
const PIECE_EVERY_MS = 8;

// A recording of the page would be most of what is measured.
test.use({ trace: 'off' });
// Some of it is slow everywhere; nothing of it may be slow without an end.
test.describe.configure({ timeout: 60_000 });

for (const texts of [...inPages(OWN_TEXTS), ...inPages(TEXTS_OF_OTHERS)]) {
  test(`B-render · A071 · the page outlives ${texts.map(({ name }) => name).join(', ')}`, async ({
    page,
    upstream,
  }) => {
    const chat = await ChatPage.open(page);
    const readThread = await watchMainThread(page);
    await ask(chat, upstream, 'An **earlier** answer.');
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');

    for (const hostile of texts) {
      await readThread();
      const prompt = promptByHand(hostile.name);
      await chat.send(prompt);
      const call = await upstream.nextCall(prompt);
      call.send(messageStart(), textStart());
      const pieces = piecesOf(hostile).map((piece) => textDelta(piece));
      const middle = Math.ceil(pieces.length / 2);
      await dictate(call, pieces.slice(0, middle), PIECE_EVERY_MS);
      await chat.composer.click();
      await chat.composer.fill('A draft');
      await dictate(call, pieces.slice(middle), PIECE_EVERY_MS);
      call.send(blockStop(), messageEnd());
      call.end();
      await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete', { timeout: 20_000 });
      await expect(chat.composer).toHaveValue('A draft');

      const shown = (await chat.lastAnswer.textContent()) ?? '';
      const isPlain = shown.includes('Shown as plain text');
      expect(!isPlain || shown.includes(hostile.text), 'a text that is not drawn is shown as it is').toBe(true);
      const { longestMs, busyMs } = await readThread();
      const description = `longest block ${longestMs} ms, busy ${busyMs} ms, ${isPlain ? 'plain' : 'drawn'}`;
      test.info().annotations.push({ type: hostile.name, description });
    }

    const told = await ask(chat, upstream, '**Fine.**');
    await expect(chat.lastAnswer.getByRole('strong')).toHaveText('Fine.');
    await expect(chat.answers.first().getByRole('strong')).toHaveText('earlier');
    // What Claude is told of the conversation is what the page has kept of it.
    const lost = texts.filter(({ text }) => !told.includes(text));
    expect(lost.map(({ name }) => name)).toEqual([]);
  });
}

/** Asks for this answer. Gives what Claude was told before it. */
async function ask(chat: ChatPage, upstream: Upstream, answer: string): Promise<readonly string[]> {
  const prompt = promptByHand('something harmless');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(wholeAnswer(answer));
  call.end();
  return call.texts;
}

function inPages(texts: readonly HostileText[]): readonly (readonly HostileText[])[] {
  return Array.from({ length: Math.ceil(texts.length / TEXTS_PER_PAGE) }, (_, number) =>
    texts.slice(number * TEXTS_PER_PAGE, (number + 1) * TEXTS_PER_PAGE),
  );
}
