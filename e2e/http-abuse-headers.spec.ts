import { expect, HELLO, JSON_TYPE, test } from './abuse';
import { rawRequest } from './raw-http';
import { postPrompt } from './reply-client';

const BODY = JSON.stringify({ messages: [HELLO] });

test('A035 · a part of a page that nobody has is no fault of the server', async ({ ask, live }) => {
  const before = live.output.length;
  for (const tree of ['%5B', encodeURIComponent('["",{"__proto__":1}]'), encodeURIComponent('['.repeat(2000)), 'x']) {
    const headers = ['RSC: 1', `next-router-state-tree: ${tree}`];
    expect([tree, (await ask(rawRequest('GET /nothing', { headers }))).status]).toEqual([tree, 404]);
  }
  expect(live.output.slice(before).filter((line) => !line.startsWith('{"level":'))).toEqual([]);
});

test('A036 · there is no action of a page to call', async ({ ask }) => {
  const form = [
    '--x',
    'Content-Disposition: form-data; name="0"',
    '',
    '{"then":"$1:__proto__:then"}',
    '--x--',
    '',
  ].join('\r\n');
  const types = [
    ['text/plain;charset=UTF-8', '[]'],
    ['multipart/form-data; boundary=x', form],
  ] as const;
  for (const [type, body] of types) {
    for (const id of ['x', '40'.repeat(21), '../../x', '__proto__']) {
      const headers = [`Content-Type: ${type}`, `Next-Action: ${id}`];
      const { status } = await ask(rawRequest('POST /', { headers, body }));
      expect([type, id, [400, 404, 409].includes(status)]).toEqual([type, id, true]);
    }
  }
});

test('A037 · an upgrade is passed over, and another server’s address is refused', async ({ ask }) => {
  const upgrade = ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: eA=='];
  for (const [target, expected] of [
    ['http://169.254.169.254/latest/meta-data', 400],
    ['http://127.0.0.1:1/', 400],
    ['/', 200],
    ['/_next/hmr', 404],
    ['//evil.example', 308],
  ] as const) {
    const headers = ['Connection: Upgrade, close', ...upgrade];
    const answer = await ask(rawRequest(`GET ${target}`, { headers }));
    expect([target, answer.status]).toEqual([target, expected]);
    expect(answer.headers.get('location') ?? '/').toMatch(/^\/(?!\/)/);
  }
  // Clients that would rather speak HTTP/2 begin like this, Java's among them.
  const { status: older } = await ask(
    rawRequest('GET /api/health', { headers: ['Connection: Upgrade, HTTP2-Settings, close', 'Upgrade: h2c'] }),
  );
  expect(older).toBe(200);
  const { status, headers } = await ask(rawRequest('GET http://169.254.169.254/latest/meta-data'));
  expect([status, headers.get('location')]).toEqual([400, null]);
});

test('A040 · a head that is too long is refused', async ({ ask }) => {
  const heads = [
    rawRequest('GET /', { headers: [`X-Long: ${'a'.repeat(16_384)}`] }),
    rawRequest('GET /', { headers: Array.from({ length: 900 }, (_, at) => `X-${at}: ${'a'.repeat(20)}`) }),
    rawRequest('GET /', { headers: [`Cookie: rivulet-caller=${'a'.repeat(20_000)}`] }),
    rawRequest(`GET /${'a'.repeat(20_000)}`),
  ];
  for (const head of heads) expect((await ask(head)).status).toBe(431);
});

test('A041 · a head that two servers could read in two ways is refused', async ({ ask, upstream }) => {
  const post = `POST /api/chat HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${JSON_TYPE}\r\n`;
  const heads = {
    'a length and chunks': `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
    'two lengths': `${post}Content-Length: ${BODY.length}\r\nContent-Length: 2\r\n\r\n${BODY}`,
    'a length that is none': `${post}Content-Length: +2\r\n\r\n{}`,
    'chunks that are something else': `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    'chunks without a size': `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`,
    'bare line feeds': 'GET / HTTP/1.1\nHost: x\nConnection: close\n\n',
    'a folded header': 'GET / HTTP/1.1\r\nHost: x\r\nX-A: a\r\n b\r\nConnection: close\r\n\r\n',
    'a space before the colon': 'GET / HTTP/1.1\r\nHost : x\r\nConnection: close\r\n\r\n',
    'no host': 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n',
    'two hosts': 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
  };
  for (const [what, head] of Object.entries(heads)) expect([what, (await ask(head)).status]).toEqual([what, 400]);
  expect(upstream.calls).toEqual([]);
});

test('A042 · no header of a client reaches Claude', async ({ post, upstream }) => {
  const names = [
    'x-api-key',
    'Authorization',
    'anthropic-beta',
    'anthropic-version',
    'x-base-url',
    'Cookie',
    'User-Agent',
    'X-Any',
  ];
  const headers = names.map((name) => `${name}: smuggled=${name}`);
  expect((await post({ messages: [HELLO] }, [JSON_TYPE, ...headers])).status).toBe(200);
  expect((await post({ messages: [HELLO] })).status).toBe(200);
  const [marked, plain] = upstream.calls.map((call) => call.headers);
  expect(JSON.stringify(marked)).not.toContain('smuggled');
  expect(Object.keys(marked ?? {})).toEqual(Object.keys(plain ?? {}));
});

test('A043 · nothing that a client says makes a line in the log, or colours one', async ({ ask, post, live }) => {
  const before = live.output.length;
  const evil = '\r\n{"level":60,"msg":"forged"}\u001b[31m';
  for (const bytes of ['a\rb', 'a\nb', '\u001b[31m']) {
    expect((await ask(rawRequest('GET /', { headers: [`User-Agent: ${bytes}`] }))).status).toBe(400);
  }
  await ask(rawRequest(`GET /${encodeURIComponent(evil)}`));
  await ask(rawRequest(`DELETE /api/chat/${encodeURIComponent(evil)}`));
  await post({ messages: [{ role: 'user', content: evil }], system: evil });
  await post({ [evil]: 1 });
  const lines = live.output.slice(before);
  expect(
    lines.filter((line) => line.includes('forged') || line.includes('\u001b') || !line.startsWith('{"level":')),
  ).toEqual([]);
});

test('A072 · no answer tells a secret, a path or a stack, and every error of the API names its request', async ({
  ask,
  live,
}) => {
  const requests = [
    rawRequest('GET /'),
    rawRequest('GET /chat/x'),
    rawRequest('GET /nothing'),
    rawRequest('GET /api/models'),
    rawRequest('GET /api/health'),
    rawRequest('GET /picture'),
    rawRequest('GET /diagram'),
    rawRequest('GET /api/chat/aaaaaaaaaaaaaaaaaaaaaaaa'),
    rawRequest('DELETE /api/chat/aaaaaaaaaaaaaaaaaaaaaaaa'),
    rawRequest('POST /api/chat', { headers: [JSON_TYPE], body: '{' }),
    rawRequest('POST /api/chat', { body: '{}' }),
    rawRequest('POST /api/chat', { headers: [JSON_TYPE, 'Content-Length: 5000000'] }),
    rawRequest('POST /api/chat', { headers: [JSON_TYPE], body: BODY.replace('}]', '}],"model":"x"') }),
    rawRequest('PUT /api/chat'),
    rawRequest('PUT /api/models'),
  ];
  const statuses: number[] = [];
  // Each answer is searched when the test is over.
  for (const bytes of requests) statuses.push((await ask(bytes)).status);
  expect(statuses).toEqual([200, 200, 404, 200, 200, 400, 200, 404, 404, 400, 415, 413, 400, 405, 405]);
  expect(live.output.filter((line) => line.includes('Hello'))).toEqual([]);
});

test('A073 · neither a page with a name in it nor an answer is kept by anybody on the way', async ({ live }) => {
  const stream = await postPrompt(live.url, 'Hello');
  expect(stream.headers.get('cache-control')).toBe('no-cache, no-store, no-transform');
  await stream.text();
  for (const path of ['/', '/chat/x', '/api/health', '/api/models', '/api/chat/aaaaaaaaaaaaaaaaaaaaaaaa', '/nothing']) {
    const cacheControl = (await fetch(live.url + path)).headers.get('cache-control');
    expect([path, cacheControl]).toEqual([path, expect.stringMatching(/no-store/)]);
  }
});
