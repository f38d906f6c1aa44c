/**
 * Claude reads from its cache what begins like an earlier request, byte for byte, in the order system, messages (Messages
 * API, prompt caching). One marker beside the messages is enough: the API sets it behind the last block, and the next turn
 * finds what was written up to there.
 */
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart, thinkingDelta, thinkingStart } from './frames';
import { postPromptForJson } from './reply-client';
import { promptByHand } from './upstream';
import type { UpstreamCall } from './upstream-call';

/** An answer with what JSON, Markdown and Unicode may write in more than one way. */
const ANSWER = '  “Ä\u0308 é e\u0301” \\ / \u2028 \u0000 <b>&amp;</b> 👩‍👩‍👧 \r\n\n```js\nconst tab = "\t";\n```\n\n ';

function answer(call: UpstreamCall): void {
  call.send(messageStart(), thinkingStart(0), thinkingDelta('Hm.', 0), blockStop(0));
  call.send(textStart(1), textDelta(ANSWER, 1), blockStop(1), messageEnd());
  call.end();
}

/** What a request has of one field, as the bytes that it came in. */
function bytesOf({ rawBody, body }: UpstreamCall, field: 'system' | 'messages'): string {
  const bytes = `"${field}":${JSON.stringify(body[field])}`;
  expect(rawBody).toContain(bytes);
  return bytes;
}

/** The second request begins with the whole of the first one, and is the same in everything else. */
function expectSamePrefix(first: UpstreamCall, second: UpstreamCall): void {
  expect(bytesOf(second, 'system')).toBe(bytesOf(first, 'system'));
  const openEnded = bytesOf(first, 'messages').slice(0, -1);
  expect(bytesOf(second, 'messages').startsWith(`${openEnded},`)).toBe(true);
  const rest = ({ body: { messages: _messages, ...others } }: UpstreamCall) => JSON.stringify(others);
  expect(rest(second)).toBe(rest(first));
  expect(second.rawBody.match(/cache_control/g)).toHaveLength(1);
  expect(second.body).toMatchObject({ cache_control: { type: 'ephemeral' } });
}

test('each turn of a chat begins with the whole turn before it, byte for byte, also after a reload', async ({
  page,
  upstream,
}) => {
  let chat = await ChatPage.open(page);
  const calls: UpstreamCall[] = [];
  for (const about of ['one, “Ä é” \\ 👩‍👩‍👧', 'two', 'three']) {
    const prompt = promptByHand(about);
    await chat.send(prompt);
    const call = await upstream.nextCall(prompt);
    answer(call);
    calls.push(call);
    await expect(chat.answers).toHaveCount(calls.length);
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
    if (calls.length === 2) chat = await ChatPage.reopen(page, page.url());
  }
  const [first, second, third] = calls as [UpstreamCall, UpstreamCall, UpstreamCall];
  expectSamePrefix(first, second);
  expectSamePrefix(second, third);
  expect(third.body.messages).toHaveLength(5);
});

test('files of an earlier turn are the same bytes in every later one', async ({ live, upstream }) => {
  const files = [
    { type: 'image', mediaType: 'image/png', data: 'iVBORw0KGgoAAAANSUhEUg==' },
    { type: 'document', mediaType: 'application/pdf', data: 'JVBERi0xLjcK', name: 'Übersicht “a”.pdf' },
    { type: 'document', mediaType: 'text/plain', data: Buffer.from('\uFEFFÄ\r\n\t“x” 👩‍👩‍👧\n').toString('base64') },
  ];
  const ask = async (...earlier: readonly object[]) => {
    const prompt = promptByHand('about the files');
    const content = earlier.length > 0 ? prompt : [...files, { type: 'text', text: prompt }];
    const messages = [...earlier, { role: 'user', content }];
    const response = postPromptForJson(live.url, prompt, { fields: { messages } });
    const call = await upstream.nextCall(prompt);
    answer(call);
    expect((await response).status).toBe(200);
    return { call, messages };
  };
  const first = await ask();
  const second = await ask(...first.messages, { role: 'assistant', content: ANSWER });
  expectSamePrefix(first.call, second.call);
  expect(first.call.body.messages[0]?.content).toMatchObject([
    { type: 'image', source: { type: 'base64', media_type: 'image/png' } },
    { type: 'document', source: { type: 'base64', media_type: 'application/pdf' }, title: 'Übersicht “a”.pdf' },
    { type: 'document', source: { type: 'text', data: 'Ä\r\n\t“x” 👩‍👩‍👧\n' } },
    { type: 'text' },
  ]);
});
