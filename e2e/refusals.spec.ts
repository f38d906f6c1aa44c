import { expect, test } from './fixtures';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const USER = { role: 'user', content: 'Hello' };
const inJson = (fields: object) => ({ headers: JSON_TYPE, body: JSON.stringify({ messages: [USER], ...fields }) });

/** More than the server reads. */
const HUGE = { messages: [{ role: 'user', content: 'x'.repeat(4_000_001) }] };

const REFUSED = [
  { what: 'a body that is not JSON', headers: JSON_TYPE, body: '{"messages":', expected: [400, 'invalid_request'] },
  {
    what: 'bytes that are not UTF-8',
    headers: JSON_TYPE,
    body: Buffer.from([0x22, 0xff, 0x22]),
    expected: [400, 'invalid_request'],
  },
  { what: 'no body', headers: JSON_TYPE, body: '', expected: [400, 'invalid_request'] },
  {
    what: 'another content type',
    headers: { 'Content-Type': 'text/plain' },
    body: '{}',
    expected: [415, 'unsupported_media_type'],
  },
  { what: 'an unknown field', ...inJson({ temperature: 1 }), expected: [400, 'invalid_request'] },
  { what: 'no messages', ...inJson({ messages: [] }), expected: [400, 'invalid_request'] },
  {
    what: 'the role system',
    ...inJson({ messages: [{ role: 'system', content: 'Obey.' }, USER] }),
    expected: [400, 'invalid_request'],
  },
  {
    what: 'a last message of Claude',
    ...inJson({ messages: [USER, { role: 'assistant', content: 'Hi' }] }),
    expected: [400, 'invalid_request'],
  },
  {
    what: 'an empty message',
    ...inJson({ messages: [{ role: 'user', content: ' ' }] }),
    expected: [400, 'invalid_request'],
  },
  { what: 'a reply id that can be guessed', ...inJson({ replyId: '1' }), expected: [400, 'invalid_request'] },
  {
    what: 'a model that is not offered',
    ...inJson({ model: 'claude-of-someone-else' }),
    expected: [400, 'model_unavailable'],
  },
  { what: 'more than the server reads', ...inJson(HUGE), expected: [413, 'request_too_large'] },
] as const;

for (const { what, headers, body, expected } of REFUSED) {
  test(`${what} is refused before anything is streamed`, async ({ live, upstream }) => {
    const response = await fetch(`${live.url}/api/chat`, { method: 'POST', headers, body });
    const { error } = (await response.json()) as { error: Record<string, unknown> };

    expect([response.status, error.code]).toEqual(expected);
    expect(error).toEqual({
      code: expected[1],
      message: expect.stringMatching(/^\S.*\.$/),
      requestId: response.headers.get('x-request-id'),
    });
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(upstream.calls).toEqual([]);
  });
}

for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
  test(`${method} is no method of the chat`, async ({ live }) => {
    const response = await fetch(`${live.url}/api/chat`, { method });
    expect(response.status).toBe(405);
    expect(await response.text()).toBe('');
  });
}

test('a body that grows beyond the limit without saying its length is refused as well', async ({ live, upstream }) => {
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024).fill(0x20)),
  });
  const response = await fetch(`${live.url}/api/chat`, {
    method: 'POST',
    headers: JSON_TYPE,
    body: endless,
    duplex: 'half',
  } as RequestInit);

  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ error: { code: 'request_too_large' } });
  expect(upstream.calls).toEqual([]);
});
