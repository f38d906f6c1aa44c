import { expect, MEMBERS, PASSWORD, test } from './own-abused-server';
import { openRaw, type RawAnswer, rawRequest, readRaw } from './raw-http';
import type { RivuletServer } from './rivulet-server';

/** Every way into the application but the sign-in itself, and what has no secrets: files, and whether it lives. */
const WAYS_IN = [
  'POST /api/chat',
  'GET /api/chat/aaaaaaaaaaaaaaaaaaaaaa',
  'DELETE /api/chat/aaaaaaaaaaaaaaaaaaaaaa',
  'DELETE /api/chat/aaaaaaaaaaaaaaaaaaaaaa?early',
  'GET /api/models',
  'GET /picture?url=https://images.example/a.png',
] as const;

/** Where a provider sends people, and they come from. */
const AT_PROVIDER = ['GET /api/session/oidc?to=/', 'GET /api/session/callback?code=a&state=b'] as const;

const PAGES = ['GET /', 'GET /chat/aaaaaaaaaaaaaaaaaaaaaa'] as const;

const bodyFor = (line: string) => (line.startsWith('POST') ? JSON.stringify(QUESTION) : '');

const QUESTION = { messages: [{ role: 'user', content: 'Begin an answer, then decline it.' }] };

async function ask(
  server: RivuletServer,
  line: string,
  headers: readonly string[] = [],
  body = '',
): Promise<RawAnswer> {
  const socket = openRaw(server.url);
  socket.write(rawRequest(line, { headers, body }));
  return readRaw(socket);
}

const post = (server: RivuletServer, path: string, body: unknown, headers: readonly string[] = []) =>
  ask(server, `POST ${path}`, ['Content-Type: application/json', ...headers], JSON.stringify(body));

const signIn = (server: RivuletServer, password: unknown, headers: readonly string[] = []) =>
  post(server, '/api/session', { password }, headers);

/** The cookie of somebody who is signed in, as a browser sends it. */
async function sessionAt(server: RivuletServer): Promise<string> {
  const answer = await signIn(server, PASSWORD);
  expect(answer.status).toBe(204);
  return /__Host-rivulet-session=[^;]+/.exec(answer.headers.getSetCookie().join('\n'))?.[0] ?? 'no session';
}

/** What a program needs of a page to be in: the names of the models. */
const isIn = ({ body }: RawAnswer) => body.includes('contextTokens');

test('A050 · without a session every way in is closed, and a page asks for the password', async ({
  members,
  upstream,
}) => {
  for (const line of WAYS_IN) {
    const answer = await ask(members, line, ['Content-Type: application/json'], bodyFor(line));
    expect([line, answer.status]).toEqual([line, 401]);
    expect(answer.body).toContain('"code":"not_signed_in"');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  }
  for (const line of PAGES) {
    const page = await ask(members, line);
    expect(page.body).toContain('Sign in to Rivulet');
    expect(isIn(page)).toBe(false);
  }
  expect((await ask(members, 'GET /api/health')).status).toBe(200);
  expect(upstream.calls).toEqual([]);

  const cookie = `Cookie: ${await sessionAt(members)}`;
  expect((await ask(members, 'GET /api/models', [cookie])).status).toBe(200);
  expect(isIn(await ask(members, 'GET /', [cookie]))).toBe(true);
  expect((await post(members, '/api/chat', QUESTION, [cookie])).status).toBe(200);
  expect(upstream.calls).toHaveLength(1);
});

/** The platform leads what its router asks for to an address with `_rsc` first. */
async function askOrFollow(
  server: RivuletServer,
  line: string,
  headers: readonly string[],
  body = '',
): Promise<RawAnswer> {
  const answer = await ask(server, line, headers, body);
  const location = answer.headers.get('location');
  return location === null ? answer : ask(server, `${line.split(' ')[0]} ${location}`, headers, body);
}

/** Headers by which others have got around a check that stood before a page. */
const DETOURS = [
  ...['middleware', 'src/middleware', 'proxy', 'src/proxy'].map(
    (name) => `x-middleware-subrequest: ${Array(5).fill(name).join(':')}`,
  ),
  'x-middleware-rewrite: /',
  'x-invoke-path: /',
  'x-nextjs-data: 1',
  'RSC: 1',
  'RSC: 1\r\nnext-router-prefetch: 1',
  'RSC: 1\r\nnext-router-segment-prefetch: /_tree',
  'RSC: 1\r\nnext-router-segment-prefetch: /__PAGE__',
  'next-action: 7f00000000000000000000000000000000000000',
  'x-rivulet-peer: 127.0.0.1',
];

const HIDDEN_PAGES = [
  ...PAGES,
  'GET /?_rsc=abcde',
  'GET /index.rsc',
  'GET /.rsc',
  'GET /chat/aaaaaaaaaaaaaaaaaaaaaa.rsc',
];

for (const id of ['A034', 'A035']) {
  const detours = DETOURS.filter((detour) => detour.startsWith('x-') === (id === 'A034'));
  test(`${id} · no header and no other form of a page leads around the password`, async ({ members, upstream }) => {
    for (const detour of detours) {
      for (const line of HIDDEN_PAGES) {
        expect([line, detour, isIn(await askOrFollow(members, line, [detour]))]).toEqual([line, detour, false]);
      }
      for (const line of WAYS_IN) {
        const { status } = await askOrFollow(members, line, [detour, 'Content-Type: application/json'], bodyFor(line));
        expect([line, detour, status]).toEqual([line, detour, 401]);
      }
    }
    expect(upstream.calls).toEqual([]);
  });
}

test('A038 · a host that a client makes up is nowhere in an answer', async ({ demo }) => {
  const evil = ['evil.example', 'Host: evil.example', 'X-Forwarded-Host: evil.example', 'Forwarded: host=evil.example'];
  for (const line of [...PAGES, ...WAYS_IN, ...AT_PROVIDER, 'GET /nowhere', 'GET /api/models/']) {
    const { headers, body } = await ask(demo, line, [...evil.slice(2), 'X-Forwarded-Proto: https']);
    expect([line, `${[...headers].join('\n')}\n${body}`.includes('evil.example')]).toEqual([line, false]);
  }
});

test.describe('a request of another site', () => {
  for (const [id, what, headers] of [
    ['A044', 'that names its origin', ['Origin: https://evil.example']],
    ['A045', 'that has none', ['Origin: null']],
    ['A045', 'on a sibling of our name', ['Origin: http://blog.127.0.0.1']],
    ['A045', 'on another port', ['Origin: http://127.0.0.1:1']],
    ['A046', 'that the browser names', ['Sec-Fetch-Site: cross-site']],
    ['A046', 'that the browser calls a sibling', ['Sec-Fetch-Site: same-site']],
  ] as const) {
    test(`${id} · ${what} is refused, though it brings the session`, async ({ members, upstream }) => {
      const cookie = `Cookie: ${await sessionAt(members)}`;
      for (const path of ['/api/chat', '/api/session']) {
        const answer = await post(members, path, QUESTION, [cookie, ...headers]);
        expect([path, answer.status]).toEqual([path, 403]);
      }
      for (const line of WAYS_IN.filter((way) => way.startsWith('DELETE'))) {
        expect((await ask(members, line, [cookie, ...headers])).status).toBe(403);
      }
      expect((await ask(members, 'DELETE /api/session', [cookie, ...headers])).status).toBe(403);
      expect(upstream.calls).toEqual([]);
    });
  }

  test('A045 · our own page without encryption may not ask in the name of the one that is encrypted', async ({
    members,
  }) => {
    const { host } = new URL(members.url);
    const cookie = `Cookie: ${await sessionAt(members)}`;
    const encrypted = ['X-Forwarded-Proto: https', `Host: ${host}`, cookie];
    expect((await post(members, '/api/chat', QUESTION, [...encrypted, `Origin: http://${host}`])).status).toBe(403);
    expect((await post(members, '/api/chat', QUESTION, [...encrypted, `Origin: https://${host}`])).status).toBe(200);
  });
});

test('A047 · a program says nothing of an origin, and needs the session alone', async ({ members, live }) => {
  expect((await post(members, '/api/chat', QUESTION)).status).toBe(401);
  expect((await post(members, '/api/chat', QUESTION, [`Cookie: ${await sessionAt(members)}`])).status).toBe(200);
  expect((await post(live, '/api/chat', QUESTION)).status).toBe(200);
});

test('A048 · nobody is told that another site may ask', async ({ live }) => {
  for (const path of ['/api/chat', '/api/session', '/api/models', '/']) {
    const answer = await ask(live, `OPTIONS ${path}`, [
      'Origin: https://evil.example',
      'Access-Control-Request-Method: POST',
      'Access-Control-Request-Headers: content-type',
    ]);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  }
});

test('A051 · a session is one for its own server, and whole', async ({ members, startServer }) => {
  const session = await sessionAt(members);
  const other = await startServer({ ...MEMBERS, SESSION_SECRET: 'another secret, of another 32 characters' });
  const [name = '', token = ''] = session.split('=');
  const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
  const cookies = {
    'of another server': await sessionAt(other),
    flipped: `${session.slice(0, -8)}${session.at(-8) === 'A' ? 'Q' : 'A'}${session.slice(-7)}`,
    cut: session.slice(0, -20),
    empty: `${name}=`,
    unsigned: `${name}=${unsigned}.${token.split('.')[1]}.`,
    swapped: `${name}=${token.split('.').toReversed().join('.')}`,
    encoded: `${name}=${encodeURIComponent(`"${token}"`)}`,
    long: `${name}=${'a'.repeat(4096)}`,
    twice: `${session}; ${session}`,
    'without its prefix': session.replace('__Host-', ''),
  };
  for (const [what, cookie] of Object.entries(cookies)) {
    expect([what, (await ask(members, 'GET /api/models', [`Cookie: ${cookie}`])).status]).toEqual([what, 401]);
  }
  expect((await ask(members, 'GET /api/models', [`Cookie: ${session}`])).status).toBe(200);
});

test('A052 · what is no password is not one', async ({ startServer }) => {
  const server = await startServer(MEMBERS);
  for (const password of [{ $ne: '' }, [], null, 7, true, 'x'.repeat(1001)]) {
    expect((await signIn(server, password)).status).toBe(400);
  }
  expect((await signIn(server, 'x'.repeat(1_000_000))).status).toBe(400);
  for (const password of ['', 'Correct horse battery', 'cafe\u0301', 'caf\u00e9', `${PASSWORD}\u0000`]) {
    expect((await signIn(server, password)).status).toBe(401);
  }
  expect((await signIn(server, PASSWORD)).status).toBe(204);
});

for (const [what, settings] of [
  ['without a proxy', {}],
  ['behind one', { TRUST_PROXY: '1' }],
] as const) {
  test(`A053 · guessing ends in a lock that no header opens, nor the right password: ${what}`, async ({
    startServer,
  }) => {
    const server = await startServer({ ...MEMBERS, ...settings });
    const from = (n: number) => [`X-Forwarded-For: 203.0.113.${n}, 198.51.100.7`, `X-Real-IP: 203.0.113.${n}`];
    const statuses: number[] = [];
    for (let n = 0; n < 20; n += 1) statuses.push((await signIn(server, `guess ${n}`, from(n))).status);
    expect(statuses).toEqual([...Array(10).fill(401), ...Array(10).fill(429)]);
    const right = await signIn(server, PASSWORD, from(99));
    expect(right.status).toBe(429);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(600);
    expect(right.headers.getSetCookie().join()).not.toContain('session');
    await expect.poll(() => server.output.filter((line) => line.includes('"too_many_attempts"')).length).toBe(11);
    expect(server.output.join('\n')).not.toMatch(/guess|correct horse/);
  });
}

test('A054 · how long a wrong password takes tells nothing of the right one', async ({ startServer }) => {
  const server = await startServer({ ...MEMBERS, TRUST_PROXY: '1' });
  const timeOf = async (password: string, n: number) => {
    const askedAt = performance.now();
    const { status } = await signIn(server, password, [`X-Forwarded-For: 203.0.113.${n}`]);
    expect(status).toBe(401);
    return performance.now() - askedAt;
  };
  await timeOf('the first of all', 0);
  const differences: number[] = [];
  for (let n = 1; n <= 45; n += 1) {
    const alike = await timeOf(`${PASSWORD.slice(0, -1)}?`, n);
    differences.push(alike - (await timeOf('?'.repeat(PASSWORD.length), n)));
  }
  const [low = 0, middle = 0, high = 0] = [11, 22, 33].map((at) => differences.toSorted((a, b) => a - b)[at] ?? 0);
  expect(Math.abs(middle)).toBeLessThanOrEqual(high - low);
});

test('A055 · there is no address that leads elsewhere after the password', async ({ members }) => {
  for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
    for (const path of ['/', '/login', '/sign-in', '/api/session']) {
      const { status, headers } = await ask(members, `GET ${path}?next=${encodeURIComponent(next)}`);
      expect([path, headers.get('location')]).toEqual([path, null]);
      expect(status).toBeLessThan(500);
    }
  }
  expect((await signIn(members, PASSWORD)).headers.get('location')).toBeNull();
});

test('A056 · a session ends with its password, and with the secret', async ({ startServer }) => {
  const first = await startServer(MEMBERS);
  const cookie = `Cookie: ${await sessionAt(first)}`;
  const statusWith = async (settings: Record<string, string>) =>
    (await ask(await startServer({ ...MEMBERS, ...settings }), 'GET /api/models', [cookie])).status;
  expect(await statusWith({})).toBe(200);
  expect(await statusWith({ ACCESS_PASSWORD: `a new one, ${PASSWORD}` })).toBe(200);
  expect(await statusWith({ ACCESS_PASSWORD: 'a new one' })).toBe(401);
  expect(await statusWith({ SESSION_SECRET: 'a new secret that has 32 characters' })).toBe(401);
});

test.describe('with a key and no password', () => {
  test('the machine itself is served, and no name or proxy that leads to it', async ({ live, upstream }) => {
    const { port } = new URL(live.url);
    const strangers = [
      ['Host: evil.example'],
      [`Host: 127.0.0.1.evil.example:${port}`],
      [`Host: localhost:${port}`, 'X-Forwarded-For: 203.0.113.5'],
      [`Host: localhost:${port}`, 'Via: 1.1 proxy'],
      [`Host: localhost:${port}`, 'Forwarded: for=203.0.113.5'],
      [`Host: localhost:${port}`, 'X-Forwarded-Host: chat.example'],
      ['Host: evil.example', 'x-rivulet-peer: 127.0.0.1', 'X-Forwarded-Host: localhost'],
    ];
    for (const headers of strangers) {
      for (const line of [...WAYS_IN, 'GET /api/health', 'POST /api/session', 'DELETE /api/session']) {
        const answer = await ask(live, line, [...headers, 'Content-Type: application/json'], bodyFor(line));
        expect([line, headers, answer.status]).toEqual([line, headers, 403]);
        expect(answer.body).toContain('"code":"access_closed"');
      }
      for (const line of PAGES) {
        const page = await ask(live, line, headers);
        expect(page.body).toContain('This chat is closed');
        expect(isIn(page)).toBe(false);
      }
    }
    expect(upstream.calls).toEqual([]);
    for (const host of ['localhost', `127.0.0.1:${port}`, `[::1]:${port}`]) {
      expect((await ask(live, 'GET /api/models', [`Host: ${host}`])).status).toBe(200);
    }
  });

  for (const HOST of ['0.0.0.0', '::']) {
    test(`no server starts on ${HOST}, and says what to set`, async ({ startServer }) => {
      await expect(startServer({ HOST })).rejects.toThrow(/set ACCESS_PASSWORD or OIDC_ISSUER, or ALLOW_PUBLIC=1/);
    });
  }

  test('a server starts on another address when its operator says whom to let in', async ({ startServer }) => {
    for (const settings of [{ ACCESS_PASSWORD: PASSWORD }, { ALLOW_PUBLIC: '1' }]) {
      await expect(startServer({ HOST: '0.0.0.0', ...settings })).resolves.toBeDefined();
    }
  });
});
