import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { codeOf, expect, HELLO, JSON_TYPE, test } from './abuse';
import { hasClosed, openRaw, rawRequest, readRaw } from './raw-http';

/** As much as the server reads. */
const MAX_BYTES = 4_000_000;

const GOOD = JSON.stringify({ messages: [HELLO] });
const REFUSED = [400, 'invalid_request'];

// Texts of others are not part of the project; `CORPORA_DIR` says where they are.
const corpora = process.env.CORPORA_DIR;
if (!corpora && process.env.TEST_WORKER_INDEX === undefined) {
  process.stdout.write('CORPORA_DIR is not set: the JSON test suite is not sent.\n');
}

test('A009 · no body is no request', async ({ post, ask, upstream }) => {
  const bodiless = await ask(
    rawRequest('POST /api/chat', { headers: [JSON_TYPE, 'Transfer-Encoding: chunked'], body: '0\r\n\r\n' }),
  );
  for (const answer of [await post(''), bodiless]) expect([answer.status, codeOf(answer)]).toEqual(REFUSED);
  expect(upstream.calls).toEqual([]);
});

test('A010 · what is not JSON, or is no object, is no request', async ({ post, upstream }) => {
  for (const body of ['hello', '{', "{'messages':[]}", 'null', '[]', '"x"', '1', 'true', 'NaN', 'undefined']) {
    const answer = await post(body);
    expect([body, answer.status, codeOf(answer)]).toEqual([body, ...REFUSED]);
  }
  expect(upstream.calls).toEqual([]);
});

if (corpora) {
  test('A011 · no JSON of the test suite is a request, and none is a fault of the server', async ({
    post,
    upstream,
  }) => {
    const folder = join(corpora, 'json-bad');
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(names.length).toBeGreaterThan(300);
    for (const name of names) {
      const answer = await post(readFileSync(join(folder, name)));
      expect([name, answer.status, codeOf(answer)]).toEqual([name, ...REFUSED]);
    }
    expect(upstream.calls).toEqual([]);
  });
}

test('A012 · a body is UTF-8, and a byte order mark before it is passed over', async ({ post, upstream }) => {
  const bodies = [
    Buffer.from([0x22, 0xff, 0x22]),
    Buffer.from(`{"messages":[{"role":"user","content":"\xe9"}]}`, 'latin1'),
    Buffer.from(GOOD, 'utf16le'),
    Buffer.from(`\ufeff${GOOD}`, 'utf16le'),
  ];
  for (const body of bodies) expect((await post(body)).status).toBe(400);
  expect(upstream.calls).toEqual([]);
  expect((await post(`\ufeff${GOOD}`)).status).toBe(200);
  expect(upstream.calls).toHaveLength(1);
});

test('A013 · a body of another type is refused, forms among them', async ({ post, upstream }) => {
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json;charset=utf-7',
    'application/json; charset=utf-8; charset=utf-7',
    'application/jsonx',
    'text/plain, application/json',
  ];
  for (const headers of [[], ...types.map((type) => [`Content-Type: ${type}`])]) {
    const answer = await post(GOOD, headers);
    expect([headers, answer.status, codeOf(answer)]).toEqual([headers, 415, 'unsupported_media_type']);
  }
  expect(upstream.calls).toEqual([]);
});

test('A014 · a packed body is refused, and never unpacked', async ({ post, upstream }) => {
  const bomb = gzipSync(Buffer.alloc(10_000_000));
  for (const encoding of ['gzip', 'br', 'deflate', 'zstd', 'x', 'gzip, gzip']) {
    const answer = await post(bomb, [JSON_TYPE, `Content-Encoding: ${encoding}`]);
    expect([encoding, answer.status, codeOf(answer)]).toEqual([encoding, 415, 'unsupported_media_type']);
  }
  expect(upstream.calls).toEqual([]);
});

for (const [id, what, bytes] of [
  ['A015', 'one byte more than the limit', MAX_BYTES + 1],
  ['A017', 'more than the platform would hand on', 12_000_000],
] as const) {
  test(`${id} · a body that says it has ${what} is refused before it comes`, async ({ ask, upstream }) => {
    const answer = await ask(rawRequest('POST /api/chat', { headers: [JSON_TYPE, `Content-Length: ${bytes}`] }));
    expect([answer.status, codeOf(answer)]).toEqual([413, 'request_too_large']);
    expect(upstream.calls).toEqual([]);
  });
}

test('A016 · a body without an end is refused at the limit, and its connection closed', async ({ live, upstream }) => {
  const socket = openRaw(live.url);
  const answering = readRaw(socket);
  const chunk = (size: number) => `${size.toString(16)}\r\n${' '.repeat(size)}\r\n`;
  socket.write(
    rawRequest('POST /api/chat', { headers: [JSON_TYPE, 'Transfer-Encoding: chunked'], body: chunk(MAX_BYTES + 1) }),
  );
  // What comes behind the limit could tear the answer away; the server waits for none of it.
  const answer = await answering;
  expect([answer.status, codeOf(answer), answer.headers.get('connection')]).toEqual([
    413,
    'request_too_large',
    'close',
  ]);
  expect(upstream.calls).toEqual([]);

  const stubborn = openRaw(live.url);
  stubborn.write(rawRequest('POST /api/chat', { headers: [JSON_TYPE, 'Transfer-Encoding: chunked'] }));
  const piece = chunk(1_000_000);
  let sent = 0;
  const send = (error?: Error | null) => {
    if (error) return;
    sent += 1_000_000;
    if (sent < 1_000_000_000) stubborn.write(piece, send);
  };
  send();
  await hasClosed(stubborn);
  expect(sent).toBeLessThan(100_000_000);
});

test('A018 · a body that goes on behind its length is no second request', async ({ ask, upstream }) => {
  const headers = [JSON_TYPE, 'Content-Length: 2'];
  const { status } = await ask(rawRequest('POST /api/chat', { headers, body: `{}${'a'.repeat(2000)}` }));
  expect(status).toBe(400);
  expect(upstream.calls).toEqual([]);
});

test('A019 · what is nested without an end is refused, and breaks nothing that looks at it', async ({ post }) => {
  const depth = 100_000;
  const lists = `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const objects = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  for (const nested of [lists, objects]) {
    for (const body of [nested, `{"messages":${nested}}`, `{"messages":[{"role":"user","content":${nested}}]}`]) {
      const answer = await post(body);
      expect([answer.status, codeOf(answer)]).toEqual(REFUSED);
    }
  }
});

test('A020 · a million of anything is refused, and what is wrong is told once', async ({ ask, post, upstream }) => {
  const million = (each: string) => Array(1_000_000).fill(each).join(',');
  const bodies = [
    `{"messages":[${million('1')}]}`,
    `{"messages":[{"role":"user","content":[${million('1')}]}]}`,
    `{"messages":[${Array(1900)
      .fill(`{"role":"user","content":[${Array(900).fill('1').join(',')}]}`)
      .join(',')}]}`,
  ];
  for (const body of bodies) {
    const answer = await post(body);
    expect([answer.status, codeOf(answer)]).toEqual(REFUSED);
    expect(answer.body.length).toBeLessThan(1000);
  }
  const keys = Array.from({ length: 1_000_000 }, (_, at) => `"${at}":1`).join(',');
  for (const body of [`{${keys}}`, `{"${'k'.repeat(5_000_000)}":1}`]) {
    // Such a body is over the limit, which is told before it comes.
    const headers = [JSON_TYPE, `Content-Length: ${body.length}`];
    expect((await ask(rawRequest('POST /api/chat', { headers }))).status).toBe(413);
  }
  expect(upstream.calls).toEqual([]);
});

test('A021 · keys that every object has are keys that nobody knows, at every level', async ({ post, upstream }) => {
  for (const key of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']) {
    const evil = `"${key}":{"polluted":1,"prototype":{"polluted":1}}`;
    const bodies = [
      `{${evil}}`,
      `{${evil},"messages":[{"role":"user","content":"Hi"}]}`,
      `{"messages":[{${evil},"role":"user","content":"Hi"}]}`,
      `{"messages":[{"role":"user","content":[{${evil},"type":"text","text":"Hi"}]}]}`,
    ];
    for (const body of bodies) expect([body, (await post(body)).status]).toEqual([body, 400]);
  }
  expect(upstream.calls).toEqual([]);
});

test('A022 · of a key that comes twice the same value is checked and used', async ({ post, upstream }) => {
  const [good, bad] = ['"messages":[{"role":"user","content":"Hello"}]', '"messages":[]'];
  expect((await post(`{${good},${bad}}`)).status).toBe(400);
  expect(upstream.calls).toEqual([]);
  expect((await post(`{${bad},${good}}`)).status).toBe(200);
  expect(upstream.calls.map(({ texts }) => texts)).toEqual([['Hello']]);
});

test('A023 · a number that is no count of tokens is refused', async ({ post, upstream }) => {
  for (const number of ['1e400', '-1e400', '-0', '0', '1.5', '-1', '"10"', 'true', 'null', '[1]', '{}']) {
    const answer = await post(`{"maxTokens":${number},"messages":[{"role":"user","content":"Hi"}]}`);
    expect([number, answer.status, codeOf(answer)]).toEqual([number, ...REFUSED]);
  }
  expect(upstream.calls).toEqual([]);
});
