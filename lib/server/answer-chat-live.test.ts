import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { FIRST_WORD, post, REST, readerOf, serveUpstream } from './upstream.fixture';

const { nextExchange } = serveUpstream();

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
    const { cancel, response } = await begin();
    const closed = once(response, 'close');
    await cancel();
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
