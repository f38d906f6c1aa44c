import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodeFrame } from '@/lib/demo/script';
import { type ClaudeCall, connectClaude } from './claude';
import { createParams } from './claude-params';
import { modelOf } from './models';

/** One call to a model of each kind; thinking and effort are left to the model. */
function callTo(id: string, asked: Partial<ClaudeCall> = {}): ClaudeCall {
  return {
    model: modelOf(id),
    system: [],
    messages: [{ role: 'user', content: 'Hi' }],
    thinking: undefined,
    effort: undefined,
    maxTokens: 8000,
    ...asked,
  };
}

const ADAPTIVE = 'claude-sonnet-5-5';
const BUDGET = 'claude-haiku-4-5';
const UNKNOWN = 'a-local-model';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('createParams', () => {
  it('asks for a stream that the next turn reads from the cache', () => {
    expect(createParams(callTo(ADAPTIVE))).toEqual({
      model: ADAPTIVE,
      max_tokens: 8000,
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      cache_control: { type: 'ephemeral' },
      thinking: { type: 'adaptive', display: 'summarized' },
    });
  });

  it('passes the turns on as they are, texts and blocks', () => {
    const messages = [
      { role: 'user', content: [{ type: 'text', text: 'One' }] },
      { role: 'assistant', content: 'Two' },
      { role: 'user', content: 'Three' },
    ] as const;
    expect(createParams(callTo(ADAPTIVE, { messages })).messages).toEqual(messages);
  });

  it('gives the API images and PDFs as they are, and of a text file its characters', () => {
    const messages = [
      {
        role: 'user',
        content: [
          { type: 'image', mediaType: 'image/png', data: 'iVBORw0KGgo=' },
          { type: 'document', mediaType: 'application/pdf', data: 'JVBERi0=', name: 'a.pdf' },
          { type: 'document', mediaType: 'text/plain', data: Buffer.from('\uFEFFÄhnlich\n').toString('base64') },
          { type: 'text', text: 'Compare.' },
        ],
      },
    ] as const;
    expect(createParams(callTo(ADAPTIVE, { messages })).messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
          {
            type: 'document',
            source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
            title: 'a.pdf',
          },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Ähnlich\n' } },
          { type: 'text', text: 'Compare.' },
        ],
      },
    ]);
  });

  it('gives each system prompt a block of its own, the first one first, and none where there is none', () => {
    expect(createParams(callTo(ADAPTIVE, { system: ['Operator.', 'Person.'] })).system).toEqual([
      { type: 'text', text: 'Operator.' },
      { type: 'text', text: 'Person.' },
    ]);
    expect(createParams(callTo(ADAPTIVE))).not.toHaveProperty('system');
  });

  it.each([
    ['claude-sonnet-5-5', { type: 'between_tools' }],
    ['claude-haiku-5-5', { type: 'disabled' }],
    ['claude-haiku-4-5', { type: 'disabled' }],
    ['claude-opus-5-5', { type: 'adaptive', display: 'omitted' }],
    ['claude-fable-5-2', { type: 'adaptive', display: 'omitted' }],
    [UNKNOWN, undefined],
  ])('says "do not think" to %s as it understands it', (id, thinking) => {
    expect(createParams(callTo(id, { thinking: false })).thinking).toEqual(thinking);
  });

  it.each([
    [8000, 4000],
    [2048, 1024],
    [2049, 1024],
  ])('gives a model with a budget half of %i tokens to think, when asked', (maxTokens, budget) => {
    const params = createParams(callTo(BUDGET, { thinking: true, maxTokens }));
    expect(params.thinking).toEqual({ type: 'enabled', budget_tokens: budget });
  });

  it('lets a model with a budget not think when unasked, or when half of the tokens is below the least budget', () => {
    expect(createParams(callTo(BUDGET))).not.toHaveProperty('thinking');
    expect(createParams(callTo(BUDGET, { thinking: true, maxTokens: 2047 }))).not.toHaveProperty('thinking');
  });

  it.each([true, false, undefined])('leaves thinking out for an unknown model when it is asked as %s', (thinking) => {
    expect(createParams(callTo(UNKNOWN, { thinking }))).not.toHaveProperty('thinking');
  });

  it('passes an effort on, and none where none is asked', () => {
    expect(createParams(callTo(ADAPTIVE, { effort: 'max' })).output_config).toEqual({ effort: 'max' });
    expect(createParams(callTo(ADAPTIVE))).not.toHaveProperty('output_config');
  });

  it.each([
    ['claude-haiku-5-5', 'xhigh', 'high'],
    ['claude-haiku-5-5', 'max', 'high'],
    ['claude-haiku-5-5', 'low', 'low'],
    ['claude-sonnet-5-5', 'max', 'high'],
    ['claude-opus-5-5', 'max', 'max'],
  ] as const)('asks %s without thinking, when effort is %s, for %s', (id, effort, sent) => {
    const params = createParams(callTo(id, { thinking: false, effort }));
    expect(params.output_config).toEqual({ effort: sent });
  });

  it('lets a model that thinks only when asked do so', () => {
    expect(createParams(callTo('claude-opus-4-8'))).not.toHaveProperty('thinking');
    const asked = createParams(callTo('claude-opus-4-8', { thinking: true }));
    expect(asked.thinking).toEqual({ type: 'adaptive', display: 'summarized' });
  });
});

describe('connectClaude', () => {
  type Access = Parameters<typeof connectClaude>[0];
  const NOTHING: Access = { apiKey: undefined, authToken: undefined, baseUrl: undefined };
  const ANSWER = encodeFrame('message_delta', { delta: { stop_reason: 'end_turn' } });

  /** The request that leaves for Claude with this access. */
  async function requestOf(access: Partial<Access>): Promise<Request> {
    const fetch = vi.fn<typeof globalThis.fetch>(async () => new Response(ANSWER));
    const ask = connectClaude({ ...NOTHING, ...access }, fetch);
    for await (const event of ask(callTo(ADAPTIVE), new AbortController().signal)) void event;
    const [input, init] = fetch.mock.calls[0] ?? expect.fail('nothing was sent');
    return new Request(input, init);
  }

  it('sends what createParams says to the Messages API', async () => {
    const request = await requestOf({ apiKey: 'test-key' });
    expect(request.url).toBe('https://api.anthropic.com/v1/messages');
    expect(request.headers.get('authorization')).toBe('Bearer test-key');
    expect(await request.json()).toEqual(JSON.parse(JSON.stringify(createParams(callTo(ADAPTIVE)))));
  });

  it('sends it to another server of that API where one is set', async () => {
    const request = await requestOf({ apiKey: 'test-key', baseUrl: 'http://127.0.0.1:11434' });
    expect(request.url).toBe('http://127.0.0.1:11434/v1/messages');
  });

  it('shows a token as a bearer, and a key of the environment is not sent along', async () => {
    vi.stubEnv('ANTHROPIC_API_KEY', 'key-of-the-environment');
    const { headers } = await requestOf({ authToken: 'test-token' });
    expect(headers.get('authorization')).toBe('Bearer test-token');
    expect(JSON.stringify([...headers])).not.toContain('key-of-the-environment');
  });

  it('asks once, also where the server says to try again', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>(async () => new Response('{}', { status: 529 }));
    const events = connectClaude({ ...NOTHING, apiKey: 'test-key' }, fetch)(
      callTo(ADAPTIVE),
      new AbortController().signal,
    );
    await expect(events.next()).rejects.toMatchObject({ code: 'overloaded' });
    expect(fetch).toHaveBeenCalledOnce();
  });
});
