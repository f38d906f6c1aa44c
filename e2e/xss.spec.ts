import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { asItem, OWN_ATTACKS, readAttacks } from './attacks';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart } from './frames';
import { seeded } from './render-prose';
import { findIntruders, plantTripwire } from './tripwire';
import { promptByHand, type Upstream } from './upstream';

/** The attacks of others are not part of the project; `CORPORA_DIR` says where they are. */
const folder = process.env.CORPORA_DIR;
const ATTACKS_OF_OTHERS = folder ? readAttacks(join(folder, 'xss')) : [];
// Loaded by the runner and again by each worker; one line is enough.
if (!folder && process.env.TEST_WORKER_INDEX === undefined) {
  process.stdout.write('CORPORA_DIR is not set: the attacks of others are not drawn.\n');
}

/** As long as a long answer. */
const ANSWER_CHARS = 40_000;
const ANSWERS_PER_PAGE = 6;
/** So many of the others come alone too. */
const SAMPLE_SIZE = 50;
const LONGEST_PIECE_CHARS = 400;

// A recording of the page would be most of the work.
test.use({ trace: 'off' });
test.describe.configure({ timeout: 60_000 });

test('our own attacks do nothing, each alone', async ({ page, upstream, live }) => {
  await expectHarmless(page, upstream, live.url, OWN_ATTACKS);
});

test('our own attacks do nothing, all in one answer', async ({ page, upstream, live }) => {
  await expectHarmless(page, upstream, live.url, [packed(OWN_ATTACKS), packed(OWN_ATTACKS.map(asItem))]);
});

for (const [number, answers] of inPages(ATTACKS_OF_OTHERS).entries()) {
  test(`the attacks of others do nothing, together (${number + 1})`, async ({ page, upstream, live }) => {
    await expectHarmless(page, upstream, live.url, answers);
  });
}

for (const half of folder ? [0, 1] : []) {
  test(`the attacks of others do nothing, alone (${half + 1})`, async ({ page, upstream, live }) => {
    const step = Math.floor(ATTACKS_OF_OTHERS.length / SAMPLE_SIZE);
    const sample = ATTACKS_OF_OTHERS.filter((_, index) => index % step === 0 && (index / step) % 2 === half);
    await expectHarmless(page, upstream, live.url, sample);
  });
}

/** Has a page show these answers, one after the other, as they grow in pieces. */
async function expectHarmless(page: Page, upstream: Upstream, url: string, answers: readonly string[]) {
  const tripwire = await plantTripwire(page, new URL(url).origin);
  const chat = await ChatPage.open(page);
  for (const [seed, answer] of answers.entries()) {
    const prompt = promptByHand('an attack');
    await chat.send(prompt);
    const call = await upstream.nextCall(prompt);
    call.send(messageStart(), textStart());
    for (const piece of cutAnyhow(answer, seed + 1)) {
      call.send(textDelta(piece));
      // Pieces leave one by one, as they do when a model writes them.
      await nextTurn();
    }
    call.send(blockStop(), messageEnd());
    call.end();
    await expect(chat.answers).toHaveCount(seed + 1);
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete', { timeout: 20_000 });
    expect({ intruders: await findIntruders(page), tripped: await tripwire.read(), answer }).toEqual({
      intruders: [],
      tripped: [],
      answer,
    });
  }
}

function packed(attacks: readonly string[]): string {
  return attacks.join('\n\n');
}

/** The answers of each page. Attacks stand among others in an answer, and again where none can swallow those behind it. */
function inPages(attacks: readonly string[]): readonly (readonly string[])[] {
  const answers = [...inAnswers(attacks), ...inAnswers(attacks.map(asItem))];
  return Array.from({ length: Math.ceil(answers.length / ANSWERS_PER_PAGE) }, (_, number) =>
    answers.slice(number * ANSWERS_PER_PAGE, (number + 1) * ANSWERS_PER_PAGE),
  );
}

function inAnswers(attacks: readonly string[]): readonly string[] {
  const answers: string[][] = [[]];
  let chars = 0;
  for (const attack of attacks) {
    if (chars > ANSWER_CHARS) {
      answers.push([]);
      chars = 0;
    }
    answers.at(-1)?.push(attack);
    chars += attack.length;
  }
  return answers.filter(({ length }) => length > 0).map(packed);
}

/** Pieces of any length, the same ones in each run. */
function* cutAnyhow(text: string, seed: number): Generator<string, void> {
  const random = seeded(seed);
  for (let start = 0; start < text.length; ) {
    const end = start + 1 + Math.floor(random() * Math.min(LONGEST_PIECE_CHARS, text.length));
    yield text.slice(start, end);
    start = end;
  }
}
