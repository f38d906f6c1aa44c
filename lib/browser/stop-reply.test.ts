import { describe, expect, it, vi } from 'vitest';
import { ChatError } from '@/lib/protocol/chat-error';
import { createStopReply } from './stop-reply';

type Answer = Response | Error;

const refusal = (code: 'reply_not_found' | 'internal', status: number) =>
  Response.json({ error: new ChatError(code).toWire('request-1') }, { status });

/** A server that answers so, one request after another; the last answer is given again and again. */
function stop(...answers: readonly (() => Answer)[]) {
  const waits: number[] = [];
  const waiting = [...answers];
  const fetch = vi.fn<typeof globalThis.fetch>(async () => {
    const answer = (waiting.length > 1 ? waiting.shift() : waiting[0])?.();
    if (answer instanceof Response) return answer;
    throw answer;
  });
  const wait = async (ms: number) => {
    waits.push(ms);
    return false;
  };
  return { fetch, waits, stopping: createStopReply({ fetch, wait, random: () => 1 })('the-reply', false) };
}

const broken = () => new TypeError('Failed to fetch');

describe('stopping a reply', () => {
  it('asks the server to, also when the page goes away', async () => {
    const { fetch, stopping } = stop(() => Response.json({ stopped: true }));
    expect(await stopping).toBe('stopped');
    expect(fetch.mock.calls).toEqual([
      ['/api/chat/the-reply', expect.objectContaining({ method: 'DELETE', keepalive: true })],
    ]);
  });

  it('says so where it may still be on its way, and then it is no failure that there is none', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>(async () => new Response(null, { status: 204 }));
    expect(await createStopReply({ fetch })('the-reply', true)).toBe('unknown');
    expect(fetch.mock.calls).toEqual([['/api/chat/the-reply?early', expect.objectContaining({ method: 'DELETE' })]]);
  });

  it('is unknown where the server knows no such reply', async () => {
    const { fetch, stopping } = stop(() => refusal('reply_not_found', 404));
    expect(await stopping).toBe('unknown');
    expect(fetch).toHaveBeenCalledOnce();
  });

  it.each([
    ['breaks', broken],
    ['fails', () => refusal('internal', 500)],
    ['answers with a web page', () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
    ['is not found by a proxy', () => Response.json({ error: 'Not found' }, { status: 404 })],
  ])('is tried again where the connection %s', async (_how, answer) => {
    const { waits, stopping } = stop(answer, answer, () => Response.json({ stopped: true }));
    expect([await stopping, waits]).toEqual(['stopped', [250, 500]]);
  });

  it('gives up after six tries, for nobody has confirmed it', async () => {
    const { fetch, waits, stopping } = stop(broken);
    await expect(stopping).rejects.toMatchObject({ name: 'ChatError', code: 'server_unreachable', cause: broken() });
    expect([fetch.mock.calls.length, waits]).toEqual([6, [250, 500, 1000, 2000, 4000]]);
  });
});
