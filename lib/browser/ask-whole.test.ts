import { describe, expect, it, vi } from 'vitest';
import { ChatError } from '@/lib/protocol/chat-error';
import { createAskWhole } from './ask-whole';

const REQUEST = { messages: [{ role: 'user', content: 'Hi' }], thinking: false } as const;
const WHOLE = { content: [{ type: 'text', text: 'Hello.' }], stopReason: 'end_turn' };

function ask(answer: typeof globalThis.fetch, isOnline = true) {
  const fetch = vi.fn<typeof globalThis.fetch>(answer);
  const { signal } = new AbortController();
  return { fetch, signal, reply: createAskWhole({ fetch, isOnline: () => isOnline })(REQUEST, signal) };
}

describe('asking for a whole reply', () => {
  it('posts the request, wants JSON, and gives the reply as it is', async () => {
    const { fetch, signal, reply } = ask(async () => Response.json(WHOLE));
    expect(await reply).toEqual(WHOLE);
    expect(fetch).toHaveBeenCalledExactlyOnceWith('/api/chat', {
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
      body: JSON.stringify(REQUEST),
      signal,
    });
  });

  it.each<[string, string, () => Promise<Response>]>([
    [
      'overloaded',
      'is refused',
      async () => Response.json({ error: new ChatError('overloaded').toWire('r') }, { status: 503 }),
    ],
    ['unexpected_response', 'is refused by somebody else', async () => new Response('No', { status: 403 })],
    ['server_unreachable', 'breaks', async () => Promise.reject(new TypeError('Failed to fetch'))],
    ['unexpected_response', 'brings a web page', async () => new Response('<h1>Sign in</h1>')],
    ['unexpected_response', 'brings nothing', async () => new Response('null')],
    ['unexpected_response', 'brings a text', async () => Response.json({ content: 'Hello.', stopReason: 'end_turn' })],
    [
      'unexpected_response',
      'brings parts without text',
      async () => Response.json({ ...WHOLE, content: [{ type: 'text' }] }),
    ],
  ])('fails with %s where it %s', async (code, _how, answer) => {
    await expect(ask(answer).reply).rejects.toMatchObject({ name: 'ChatError', code });
  });

  it('says that the network is away where it is', async () => {
    const { reply } = ask(async () => Promise.reject(new TypeError('Failed to fetch')), false);
    await expect(reply).rejects.toMatchObject({ code: 'offline' });
  });
});
