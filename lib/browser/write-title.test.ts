import { describe, expect, it, vi } from 'vitest';
import { ChatError } from '@/lib/protocol/chat-error';
import { createWriteTitle } from './write-title';

const REQUEST = { messages: [{ role: 'user', content: 'Hi' }], thinking: false } as const;
const WHOLE = { content: [{ type: 'text', text: 'Blue Sky' }], stopReason: 'end_turn' };

function write(answer: () => Promise<Response>) {
  const fetch = vi.fn<typeof globalThis.fetch>(answer);
  return { fetch, title: createWriteTitle({ fetch })(REQUEST) };
}

describe('asking for a title', () => {
  it('posts the request, wants the whole reply at once, and reads the title in it', async () => {
    const { fetch, title } = write(async () => Response.json(WHOLE));
    expect(await title).toBe('Blue Sky');
    const [url, init] = fetch.mock.calls[0] ?? expect.fail('nothing was sent');
    expect(url).toBe('/api/chat');
    expect(init).toMatchObject({
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
      body: JSON.stringify(REQUEST),
    });
  });

  it.each<[string, () => Promise<Response>]>([
    ['is refused', async () => Response.json({ error: new ChatError('overloaded').toWire('r') }, { status: 503 })],
    ['breaks', async () => Promise.reject(new TypeError('Failed to fetch'))],
    ['brings a web page', async () => new Response('<h1>Sign in</h1>')],
    ['brings nothing', async () => new Response('null')],
    ['brings something else', async () => Response.json({ content: 'Blue Sky', stopReason: 'end_turn' })],
    ['brings parts without text', async () => Response.json({ ...WHOLE, content: [{ type: 'text' }] })],
    ['brings no title', async () => Response.json({ ...WHOLE, stopReason: 'refusal' })],
  ])('gives none where it %s, and never rejects', async (_how, answer) => {
    expect(await write(answer).title).toBeNull();
  });

  it('gives up after 15 seconds', async () => {
    const patience = new AbortController();
    const signalAfter = vi.fn(() => patience.signal);
    const fetch: typeof globalThis.fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
    const title = createWriteTitle({ fetch, signalAfter })(REQUEST);
    expect(signalAfter).toHaveBeenCalledExactlyOnceWith(15_000);
    patience.abort();
    expect(await title).toBeNull();
  });
});
