import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAnswer } from '@/lib/demo/answers';
import { expect, SECRETS, test } from './fixtures';
import { errorBody, errorFrame, messageStart, textDelta, textStart } from './frames';
import { postPrompt, postPromptForJson } from './reply-client';
import { promptByHand } from './upstream';
import type { UpstreamCall } from './upstream-call';

/** Words that the upstream says back, as a careless gateway does. */
const ECHO = `your key ${SECRETS.apiKey} and your system prompt "${SECRETS.systemPrompt}"`;

/** Where it says them. None is waited out: the wait that it asks for is too long, or a word has come. */
const LEAKS: readonly { where: string; say: (call: UpstreamCall) => void }[] = [
  { where: 'a 401', say: refuseWith(401, 'authentication_error') },
  { where: 'a 400', say: refuseWith(400, 'invalid_request_error') },
  { where: 'a 500', say: refuseWith(500, 'api_error') },
  { where: 'an error without a type', say: refuseWith(502, '') },
  { where: 'the type of an error', say: refuseWith(401, ECHO) },
  { where: 'the request id', say: streamAfterWord('', { 'request-id': ECHO }) },
  { where: 'an error within the stream', say: streamAfterWord(errorFrame('api_error', ECHO)) },
  { where: 'the type of an error within the stream', say: streamAfterWord(errorFrame(ECHO, '')) },
  { where: 'a frame that is no JSON', say: streamAfterWord(`event: content_block_delta\ndata: ${ECHO}\n\n`) },
  { where: 'a frame of no type', say: streamAfterWord(`event: echo\ndata: ${JSON.stringify({ echo: ECHO })}\n\n`) },
];

test('the key and the operator’s words are in use', async ({ live, upstream }) => {
  const prompt = promptByHand('secrets in use');
  const answer = postPromptForJson(live.url, prompt);
  const call = await upstream.nextCall(prompt);
  call.refuse(400, errorBody('invalid_request_error', ''));
  await answer;

  expect(call.headers.authorization).toBe(`Bearer ${SECRETS.apiKey}`);
  expect(call.body.system?.[0]?.text).toBe(SECRETS.systemPrompt);
});

for (const { where, say } of LEAKS) {
  test(`what Claude repeats of them in ${where} stays on the server`, async ({ live, upstream }) => {
    for (const post of [postPrompt, postPromptForJson]) {
      const prompt = promptByHand(`leak in ${where}`);
      const answer = post(live.url, prompt);
      say(await upstream.nextCall(prompt));
      const response = await answer;
      const body = await response.text();
      await live.findLog(response.headers.get('x-request-id') ?? '');

      expect(body).toContain('"code":');
      expect(linesWithSecrets(body, ...headersOf(response), ...live.output)).toEqual([]);
      expect(live.output.filter((line) => line.includes(prompt))).toEqual([]);
    }
  });
}

test('no page and no route tells them', async ({ live }) => {
  const posts = [postPrompt(live.url, 'Hello'), postPromptForJson(live.url, 'Hello'), postPrompt(live.url, '')];
  const gets = ['/', '/api/health', '/api/models', '/api/chat', '/no-such-page'].map((path) => fetch(live.url + path));
  const responses = await Promise.all([...posts, ...gets]);
  expect(responses.map((response) => response.status)).toEqual([200, 200, 400, 200, 200, 200, 405, 404]);
  for (const response of responses) {
    expect(linesWithSecrets(await response.text(), ...headersOf(response))).toEqual([]);
  }
});

test('the log names a reply and counts its tokens, and holds nothing of what was said', async ({ live }) => {
  const response = await postPrompt(live.url, 'What is Rivulet, and what makes it different?');
  expect(await response.text()).toContain('reply-end');
  const log = await live.findLog(response.headers.get('x-request-id') ?? '');

  expect(log).toMatchObject({ outcome: 'complete', stopReason: 'end_turn', outputTokens: expect.any(Number) });
  expect(linesWithSecrets(...live.output)).toEqual([]);
  const said = ['what makes it different', readAnswer('rivulet').slice(0, 20)];
  expect(live.output.filter((line) => said.some((words) => line.includes(words)))).toEqual([]);
});

test('the browser’s files hold neither them nor the code that speaks to Claude', () => {
  const files = readdirSync('.next/static', { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const contents = files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'));
  expect(contents.length).toBeGreaterThan(0);
  expect(linesWithSecrets(...contents)).toEqual([]);
  const ofTheSdk = /x-api-key|anthropic-version|api\.anthropic\.com/;
  expect(files.filter((_, index) => ofTheSdk.test(contents[index] ?? '')).map((file) => file.name)).toEqual([]);
});

/** Only the lines that tell, so that a failure can be read. */
function linesWithSecrets(...texts: readonly string[]): readonly string[] {
  const lines = texts.flatMap((text) => text.split('\n'));
  return lines.filter((line) => line.includes(SECRETS.apiKey) || line.includes(SECRETS.systemPrompt));
}

function headersOf(response: Response): readonly string[] {
  return [...response.headers].map((header) => header.join(': '));
}

function refuseWith(status: number, type: string) {
  return (call: UpstreamCall) => call.refuse(status, errorBody(type, ECHO), { 'retry-after': '60', 'x-echo': ECHO });
}

function streamAfterWord(frame: string, headers: Readonly<Record<string, string>> = {}) {
  return (call: UpstreamCall) => {
    call.sendHeaders(200, headers);
    call.send(messageStart(), textStart(), textDelta('A word.'), frame);
    call.end();
  };
}
