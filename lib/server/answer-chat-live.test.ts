import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import { getLogger } from './log';
import { getReplies } from './replies';
import { FIRST_WORD, post, REST, readerOf, serveUpstream } from './upstream.fixture';

// A server of which a reader who leaves is not waited for.
const { nextExchange } = serveUpstream({ REPLY_GRACE_SECONDS: '0' });

/** A reply whose first word has been read, and the exchange behind it. */
async function begin(init?: RequestInit) {
  const asked = nextExchange();
  const answering = post({}, init);
  const { response } = await asked;
  response.write(FIRST_WORD);
  const reader = readerOf(await answering);
  await reader.readUntil('Hi');
  return { ...reader, response };
}

describe('a request to Claude', () => {
  /** What Claude is asked when this is asked of us. */
  async function requestFor(fields: object) {
    const asked = nextExchange();
    const whole = post(fields, { headers: { Accept: 'application/json' } });
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
  it.each(['cancels its stream', 'aborts its request'])('is closed when the reader of a reply %s', async (how) => {
    const logged = vi.spyOn(getLogger(), 'info').mockImplementation(() => {});
    const leaving = new AbortController();
    const { cancel, response } = await begin({ signal: leaving.signal });
    const closed = once(response, 'close');
    if (how === 'aborts its request') leaving.abort();
    else await cancel();
    await closed;
    expect(response.writableFinished).toBe(false);
    await vi.waitFor(() => expect(getReplies().size).toBe(0));
    expect(logged.mock.calls).toMatchObject([[{ outcome: 'abandoned', errorCode: 'reader_left' }, 'reply']]);
    logged.mockRestore();
  });

  it('is closed when a reader leaves before anything is answered', async () => {
    const leaving = new AbortController();
    const asked = nextExchange();
    const answering = post({}, { signal: leaving.signal });
    const closed = once((await asked).response, 'close');
    leaving.abort();
    await closed;
    expect((await answering).status).toBe(499);
    await vi.waitFor(() => expect(getReplies().size).toBe(0));
  });

  it('is left open until the end of a reply that is read, and used again for the next', async () => {
    const sockets: unknown[] = [];
    for (const _reply of ['one', 'next']) {
      const { response, readUntil } = await begin();
      sockets.push(response.socket);
      response.write(REST);
      await readUntil('[DONE]');
      // The reader has all that it wants before the response of Claude ends.
      response.end();
      await vi.waitFor(() => expect(getReplies().size).toBe(0));
    }
    expect(sockets[1]).toBe(sockets[0]);
  });
});
