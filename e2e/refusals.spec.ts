import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { expect, test } from './fixtures';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const USER = { role: 'user', content: 'Hello' };
const inJson = (fields: object) => ({ headers: JSON_TYPE, body: JSON.stringify({ messages: [USER], ...fields }) });

/** As much as the server reads. */
const MAX_BYTES = 4_000_000;

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

// Neither of these two writes when the server hangs up: whether a client still reads the answer then is a matter of luck.

test('a body that says it is more than the server reads is refused before it is sent', async ({ live, upstream }) => {
  const request = httpRequest(`${live.url}/api/chat`, {
    method: 'POST',
    headers: { ...JSON_TYPE, 'Content-Length': MAX_BYTES + 1 },
  });
  request.flushHeaders();
  const [response] = (await once(request, 'response')) as [IncomingMessage];

  expect(response.statusCode).toBe(413);
  expect(await json(response)).toMatchObject({ error: { code: 'request_too_large' } });
  expect(upstream.calls).toEqual([]);
});

test('a body that grows beyond the limit without saying its length is refused as well', async ({ live, upstream }) => {
  const unended = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(MAX_BYTES + 1).fill(0x20)),
  });
  const response = await fetch(`${live.url}/api/chat`, {
    method: 'POST',
    headers: JSON_TYPE,
    body: unended,
    duplex: 'half',
  } as RequestInit);

  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ error: { code: 'request_too_large' } });
  expect(upstream.calls).toEqual([]);
});
