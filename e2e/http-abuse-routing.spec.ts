import { codeOf, expect, HELLO, JSON_TYPE, test } from './abuse';
import { rawRequest } from './raw-http';

const BODY = JSON.stringify({ messages: [HELLO] });
const withBody = { headers: [JSON_TYPE, 'Accept: application/json'], body: BODY };
const REPLY = '/api/chat/aaaaaaaaaaaaaaaaaaaaaaaa';

/** The path of a script that the page loads. */
async function findScript(url: string): Promise<string> {
  const page = await (await fetch(url)).text();
  return /\/_next\/static\/[\w./-]+\.js/.exec(page)?.[0] ?? 'no script';
}

test('A001 · a method that the chat has not is refused, and those that it has are named', async ({ ask, upstream }) => {
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
    const { status, headers, body } = await ask(rawRequest(`${method} /api/chat`, withBody));
    expect([method, status, headers.get('allow'), body.replace('0\r\n\r\n', '')]).toEqual([
      method,
      405,
      'POST, OPTIONS',
      '',
    ]);
    expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  }
  for (const method of ['POST', 'PUT', 'PATCH']) {
    const { status, headers } = await ask(rawRequest(`${method} ${REPLY}`, withBody));
    expect([method, status, headers.get('allow')]).toEqual([method, 405, 'GET, DELETE, OPTIONS']);
  }
  expect(upstream.calls).toEqual([]);
});

test('A001 · a page and a file are read alone, and no route knows a method of WebDAV', async ({ ask, live }) => {
  const files = ['/icon.svg', await findScript(live.url), '/diagram', '/picture'];
  for (const path of ['/', '/chat/x', '/nothing', ...files]) {
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PROPFIND', 'POST']) {
      const { status, headers } = await ask(rawRequest(`${method} ${path}`, { headers: ['Next-Action: x'] }));
      expect([method, path, status, headers.get('allow')]).toEqual([method, path, 405, 'GET, HEAD']);
    }
  }
  for (const path of ['/api/chat', '/api/models', '/api/nothing']) {
    const { status, headers } = await ask(rawRequest(`PROPFIND ${path}`));
    expect([path, status, headers.has('allow')]).toEqual([path, 405, true]);
  }
  // What it was, Next would write into the log as it came.
  expect(live.output.filter((line) => line.includes('Server'))).toEqual([]);
});

test('A002 · HEAD starts nothing and follows nothing, and OPTIONS allows no other site anything', async ({ ask }) => {
  for (const path of ['/api/chat', REPLY]) {
    expect((await ask(rawRequest(`HEAD ${path}`))).status).toBe(405);
    const { status, headers } = await ask(rawRequest(`OPTIONS ${path}`, { headers: ['Origin: https://evil.example'] }));
    expect(status).toBe(204);
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});

test('A003 · TRACE is refused in front of everything, and says nothing back', async ({ ask }) => {
  for (const path of ['/api/chat', '/', '/_next/x']) {
    const { status, headers, body } = await ask(rawRequest(`TRACE ${path}`, { headers: ['X-Said: echo'] }));
    expect([status, headers.has('allow')]).toEqual([405, true]);
    expect(body).not.toContain('echo');
  }
  expect((await ask(rawRequest('CONNECT 169.254.169.254:80'))).status).toBe(0);
});

test('A004 · a header that names another method changes nothing', async ({ post }) => {
  const names = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'];
  for (const name of names) {
    expect((await post({ messages: [HELLO] }, [JSON_TYPE, `${name}: DELETE`])).status).toBe(200);
  }
});

test('A005 · another spelling of the chat’s path is not the chat', async ({ ask, upstream }) => {
  const paths = [
    ['//api/chat', 404],
    ['/api/chat/', 308],
    ['/API/chat', 404],
    ['/api/chat%2f', 404],
    ['/api/chat;x', 404],
    ['/api/chat.rsc', 404],
  ] as const;
  for (const [path, expected] of paths) {
    const { status, headers } = await ask(rawRequest(`POST ${path}`, withBody));
    expect([path, status]).toEqual([path, expected]);
    expect(headers.get('location') ?? '/api/chat').toBe('/api/chat');
  }
  expect(upstream.calls).toEqual([]);
  // By the rules of URLs these are the same paths, and get the same answers.
  expect((await ask(rawRequest('POST /api/./chat', { ...withBody, body: '{}' }))).status).toBe(400);
  for (const path of ['/api/../', '/api/%2e%2e/chat/x']) {
    expect([path, (await ask(rawRequest(`POST ${path}`, withBody))).status]).toEqual([path, 404]);
  }
});

test('A006 · no path leads out of what is served', async ({ ask }) => {
  const paths = [
    '/_next/..%2f..%2fetc/passwd',
    '/_next/static/..%2f..%2f..%2fpackage.json',
    '/_next/static/../../../package.json',
    '/api/chat/..%2f..%2fx',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/diagram/..%2f..%2f..%2fpackage.json',
    '/%00',
    '/api/chat/%00',
    '/..\\..\\etc\\passwd',
  ];
  for (const path of paths) {
    const { status, body } = await ask(rawRequest(`GET ${path}`));
    expect([path, [308, 400, 404].includes(status)]).toEqual([path, true]);
    expect(body).not.toMatch(/root:|"dependencies"/);
  }
});

test('A007 · an escape that is none is refused', async ({ ask }) => {
  for (const path of ['/%E0%A4%A', '/api/chat/%E0%A4%A', '/chat/%ff', '/picture/%']) {
    expect([path, (await ask(rawRequest(`GET ${path}`))).status]).toEqual([path, 400]);
  }
  expect((await ask(rawRequest('GET /picture?url=%E0%A4%A'))).status).toBe(400);
  const answer = await ask(rawRequest('DELETE /api/chat/%ff'));
  expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid_request']);
  expect(answer.headers.get('content-type')).toBe('application/json');
});

test('A008 · nothing is served that is no page, no route and no file for browsers', async ({ ask, live }) => {
  const page = await (await fetch(live.url)).text();
  const scripts = [...page.matchAll(/\/_next\/static\/[\w./-]+\.js/g)].map(([path]) => `${path}.map`);
  expect(scripts.length).toBeGreaterThan(0);
  const paths = ['/.env', '/.git/config', '/next.config.mjs', '/package.json', '/.next/BUILD_ID', '/api', '/serve.mjs'];
  for (const path of [...paths, ...new Set(scripts)]) {
    expect([path, (await ask(rawRequest(`GET ${path}`))).status]).toEqual([path, 404]);
  }
});

test('A020 · thousands of parameters are refused before anybody looks at them', async ({ ask }) => {
  for (const path of ['/', '/nothing', '/picture', '/diagram']) {
    expect([path, (await ask(rawRequest(`GET ${path}?${'a&'.repeat(7000)}`))).status]).toEqual([path, 400]);
  }
  const answer = await ask(rawRequest(`GET /api/models?${'a&'.repeat(7000)}`));
  expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid_request']);
  expect((await ask(rawRequest(`GET /?${'a&'.repeat(99)}`))).status).toBe(200);
});

test('A041 · a condition that is not met and a range that there is not are passed over', async ({ ask, live }) => {
  const asked = [
    'If-Match: "another"',
    'If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT',
    'Range: bytes=999999999-',
    'Range: bytes=5-1',
    'Range: bytes=none',
  ];
  for (const path of ['/icon.svg', await findScript(live.url), '/diagram', '/']) {
    for (const header of asked) {
      const { status } = await ask(rawRequest(`GET ${path}`, { headers: [header] }));
      expect([path, header, status]).toEqual([path, header, 200]);
    }
  }
});
