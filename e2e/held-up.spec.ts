import { ChatPage } from './chat-page';
import { dictate } from './dictation';
import { blockStop, messageEnd, messageStart, textDelta, textStart } from './frames';
import { expect, test } from './own-server';
import { joinDeltas, openReply } from './reply-client';
import { promptByHand } from './upstream';

/** Every limit that counts silence, and a hold that is twice as long. */
const LIMITS = { FIRST_BYTE_TIMEOUT_SECONDS: '1', STALL_TIMEOUT_SECONDS: '1', OUTPUT_TIMEOUT_SECONDS: '1' };
const HELD_MS = 2000;
const PIECES = 20;

const WORDS = Array.from({ length: PIECES }, (_, number) => `word ${number}, `);
const BEGINNING = messageStart() + textStart();
const ENDING = blockStop() + messageEnd();

/** What has been said before the server is held up, while it is, and after it. */
const REPLIES = [
  { about: 'in the middle', before: BEGINNING + textDelta('First, '), during: WORDS.map(textFrame), after: ENDING },
  {
    about: 'ends meanwhile',
    before: BEGINNING + textDelta('First, '),
    during: [...WORDS.map(textFrame), ENDING],
    after: '',
  },
  {
    about: 'begins meanwhile',
    before: '',
    during: [BEGINNING + textDelta('First, '), ...WORDS.map(textFrame)],
    after: ENDING,
  },
];

function textFrame(text: string): string {
  return textDelta(text);
}

test('S-loop · a process that was held up for longer than its limits loses no text and gives nothing up', async ({
  startServer,
  upstream,
}) => {
  const server = await startServer(LIMITS);
  const replies = await Promise.all(
    REPLIES.map(async ({ about, before, ...rest }) => {
      const prompt = promptByHand(about);
      const opening = openReply(server.url, prompt);
      const call = await upstream.nextCall(prompt);
      call.send(before);
      return { call, reply: await opening, ...rest };
    }),
  );

  server.signal('SIGSTOP');
  await Promise.all(replies.map(({ call, during }) => dictate(call, during, HELD_MS / PIECES)));
  server.signal('SIGCONT');
  for (const { call, after } of replies) {
    call.send(after);
    call.end();
  }

  for (const { reply } of replies) {
    const events = await reply.rest();
    expect(joinDeltas(events, 'text-delta')).toBe(`First, ${WORDS.join('')}`);
    expect(events.at(-1)).toMatchObject({ type: 'reply-end', stopReason: 'end_turn' });
  }
  expect(upstream.calls).toHaveLength(REPLIES.length);
});

/** How long the page does nothing but this. */
const BUSY_MS = 3000;

test('S-loop · a page that was busy for seconds shows all that came meanwhile', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('a busy page');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(BEGINNING, textDelta('First, '));
  await expect(chat.lastAnswer).toContainText('First,');
  const busy = page.evaluate((busyMs) => {
    const end = performance.now() + busyMs;
    while (performance.now() < end);
  }, BUSY_MS);
  await dictate(call, [...WORDS.map(textFrame), ENDING], BUSY_MS / PIECES);
  call.end();
  await busy;
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(chat.lastAnswer).toContainText(`First, ${WORDS.join('')}`.trim());
});
