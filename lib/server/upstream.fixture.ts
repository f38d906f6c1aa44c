import 'server-only';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { encodeFrame } from '@/lib/demo/script';
import { answerChat } from './answer-chat';
import { SETTINGS } from './config';

// For the tests of this room: our route in front of a server on the loopback that stands in for Claude's.

export const FIRST_WORD = encodeFrame('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hi' } });
export const REST = encodeFrame('message_delta', { delta: { stop_reason: 'end_turn' } }) + encodeFrame('message_stop');

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

/** Each exchange of the server is answered by hand. It lives as long as the tests of the file. */
export function serveUpstream() {
  const server = createServer();
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
  return {
    nextExchange: async (): Promise<Exchange> => {
      const [request, response] = await once(server, 'request');
      return { request, response };
    },
  };
}

/** Asks our route. */
export function post(fields: object = {}, init: RequestInit = {}): Promise<Response> {
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }], ...fields });
  const headers = { 'Content-Type': 'application/json' };
  return answerChat(new Request('http://localhost/api/chat', { method: 'POST', headers, body, ...init }));
}

/** Reads a streamed reply as far as some words. */
export function readerOf(answered: Response) {
  const reader = answered.body?.getReader() ?? expect.fail('no body');
  const text = new TextDecoder();
  let seen = '';
  return {
    cancel: () => reader.cancel(),
    readUntil: async (words: string) => {
      while (!seen.includes(words)) {
        const { value } = await reader.read();
        seen += text.decode(value ?? expect.fail(`the stream ended without ${words}`));
      }
    },
  };
}
