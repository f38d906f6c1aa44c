import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { blockStop, messageEnd, messageStart, textDelta, textStart } from './frames';
import { expect, test } from './own-server';
import { promptByHand } from './upstream';

/** Many times what the sockets and the platform between server and reader hold. */
const DELTAS = 400;
const DELTA_CHARS = 20_000;

/** Of the answer itself, which is held once, and of what the platform has in its hands. */
const TOLERANCE_BYTES = 3 * DELTAS * DELTA_CHARS;

test('B-slow · who does not read holds nobody up, and gets the whole text in the end', async ({
  startServer,
  upstream,
}) => {
  const server = await startServer({}, { withProbe: true });
  const before = (await server.readProbe()).heapBytes;
  const prompt = promptByHand('slowly');
  const readers = await Promise.all([askWithoutReading(server.url, prompt), askWithoutReading(server.url, prompt)]);
  const calls = [await upstream.nextCall(prompt), await upstream.nextCall(prompt)];
  const whole = Array.from({ length: DELTAS }, (_, index) => String(index % 10).repeat(DELTA_CHARS));
  for (const call of calls) {
    call.send(messageStart(), textStart(), ...whole.map((words) => textDelta(words)), blockStop(), messageEnd());
    call.end();
  }
  // Claude is read to the end all the same: the two replies are over.
  await expect.poll(() => server.replyLogs().filter(({ outcome }) => outcome === 'complete')).toHaveLength(2);
  expect((await server.readProbe()).heapBytes - before).toBeLessThan(2 * TOLERANCE_BYTES);

  for (const reader of readers) {
    const frames = (await text(await reader)).split('\n\n').filter((frame) => frame.startsWith('id: '));
    const events = frames.map((frame) => JSON.parse(frame.slice(frame.indexOf('data: ') + 6)));
    expect(events.map(({ text: words = '' }) => words).join('')).toBe(whole.join(''));
    expect(events.at(-1)).toMatchObject({ type: 'reply-end' });
  }
});

/** The response of the server, whose body nobody has begun to read. */
async function askWithoutReading(url: string, prompt: string): Promise<IncomingMessage> {
  const outgoing = request(`${url}/api/chat`, {
    method: 'POST',
    agent: false,
    headers: { 'Content-Type': 'application/json' },
  });
  outgoing.end(JSON.stringify({ messages: [{ role: 'user', content: prompt }] }));
  const [response] = await once(outgoing, 'response');
  return response;
}
