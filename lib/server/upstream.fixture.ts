import 'server-only';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect } from 'vitest';
import { encodeFrame } from '@/lib/demo/script';
import { answerChat } from './answer-chat';
import { giveSettings } from './settings.fixture';

// For the tests of this room: our route in front of a server on the loopback that stands in for Claude's.

export const FIRST_WORD = encodeFrame('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hi' } });
export const REST = encodeFrame('message_delta', { delta: { stop_reason: 'end_turn' } }) + encodeFrame('message_stop');

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

/** Each exchange of the server is answered by hand. It lives as long as the tests of the file. */
export function serveUpstream(env: Readonly<Record<string, string>> = {}) {
  const server = createServer();
  let exchanges = 0;
  server.on('request', () => {
    exchanges += 1;
  });
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return giveSettings({
      ANTHROPIC_API_KEY: 'test-key',
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      SYSTEM_PROMPT: 'The operator.',
      MAX_OUTPUT_TOKENS: '5000',
      ...env,
    });
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return {
    nextExchange: async (): Promise<Exchange> => {
      const [request, response] = await once(server, 'request');
      return { request, response };
    },
    countExchanges: () => exchanges,
  };
}

/** Asks our route. */
export function post(fields: object = {}, { headers, ...init }: RequestInit = {}): Promise<Response> {
  return answerChat(
    new Request('http://localhost/api/chat', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(headers as Record<string, string>) },
      body: JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }], ...fields }),
      ...init,
    }),
  );
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
      return seen;
    },
  };
}
