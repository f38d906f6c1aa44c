import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { encodeFrame } from '@/lib/demo/script';
import { answerChat } from './answer-chat';
import { SETTINGS } from './config';

const FIRST_WORD = encodeFrame('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hi' } });
const REST = encodeFrame('message_delta', { delta: { stop_reason: 'end_turn' } }) + encodeFrame('message_stop');

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

/** A server on the loopback that stands in for Claude's: each exchange is answered by hand. */
const server = createServer();
const nextExchange = async (): Promise<Exchange> => {
  const [request, response] = await once(server, 'request');
  return { request, response };
};

// The settings are read once, at the first request, so they are set before it.
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  for (const name of Object.keys(SETTINGS.in.shape)) vi.stubEnv(name, '');
  vi.stubEnv('ANTHROPIC_API_KEY', 'test-key');
  vi.stubEnv('ANTHROPIC_BASE_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('SYSTEM_PROMPT', 'The operator.');
  vi.stubEnv('MAX_OUTPUT_TOKENS', '5000');
  vi.stubEnv('LOG_LEVEL', 'silent');
});

afterAll(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function post(fields: object = {}, init: RequestInit = {}): Promise<Response> {
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }], ...fields });
  const headers = { 'Content-Type': 'application/json' };
  return answerChat(new Request('http://localhost/api/chat', { method: 'POST', headers, body, ...init }));
}

/** A reply whose first word has been read, and the exchange behind it. */
async function begin(init?: RequestInit) {
  const asked = nextExchange();
  const answered = await post({}, init);
  const reader = answered.body?.getReader() ?? expect.fail('no body');
  const text = new TextDecoder();
  let seen = '';
  const readUntil = async (words: string) => {
    while (!seen.includes(words)) {
      const { value } = await reader.read();
      seen += text.decode(value ?? expect.fail(`the stream ended without ${words}`));
    }
  };
  const reading = readUntil('Hi');
  const { response } = await asked;
  response.write(FIRST_WORD);
  await reading;
  return { reader, response, readUntil };
}

describe('a request to Claude', () => {
  /** What Claude is asked when this is asked of us. */
  async function requestFor(fields: object) {
    const asked = nextExchange();
    const whole = post(fields, { headers: { 'Content-Type': 'application/json', Accept: 'application/json' } });
    const { request, response } = await asked;
    const body = (await json(request)) as Record<string, unknown>;
    response.end(FIRST_WORD + REST);
    expect((await whole).status).toBe(200);
    return body;
  }

  it('has the system prompt of the operator before that of the person', async () => {
    expect(await requestFor({ system: 'The person.' })).toMatchObject({
      model: 'claude-sonnet-5-5',
      system: [{ text: 'The operator.' }, { text: 'The person.' }],
    });
  });

  it.each([
    [undefined, 5000],
    [100, 100],
    [6000, 5000],
  ])('that may use %s tokens may use no more than the operator allows: %i', async (maxTokens, sent) => {
    expect(await requestFor({ maxTokens })).toMatchObject({ max_tokens: sent });
  });

  it('passes on what was chosen', async () => {
    expect(await requestFor({ model: 'claude-haiku-5-5', thinking: false, effort: 'low' })).toMatchObject({
      model: 'claude-haiku-5-5',
      thinking: { type: 'disabled' },
      output_config: { effort: 'low' },
    });
  });
});

describe('the connection to Claude', () => {
  it('is closed when the reader of a reply leaves', async () => {
    const { reader, response } = await begin();
    const closed = once(response, 'close');
    await reader.cancel();
    await closed;
    expect(response.writableFinished).toBe(false);
  });

  it('is closed when the request is aborted, also where nobody reads the reply', async () => {
    const leaving = new AbortController();
    const { response, readUntil } = await begin({ signal: leaving.signal });
    const closed = once(response, 'close');
    leaving.abort();
    await closed;
    await readUntil('"reply-stopped"');
    expect(response.writableFinished).toBe(false);
  });

  it('is left open until the end of a reply that is read', async () => {
    const { response, readUntil } = await begin();
    response.end(REST);
    await readUntil('"reply-end"');
    expect(response.writableFinished).toBe(true);
  });
});
