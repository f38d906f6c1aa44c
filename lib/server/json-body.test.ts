import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readJsonBody } from './json-body';

type RequestParts = { readonly type?: string; readonly body?: BodyInit; readonly headers?: Record<string, string> };

function post({ type = 'application/json', body = '{}', headers = {} }: RequestParts): Request {
  const streamed = body instanceof ReadableStream ? { duplex: 'half' } : {};
  return new Request('http://localhost/', {
    method: 'POST',
    headers: { 'Content-Type': type, ...headers },
    body,
    ...streamed,
  } as RequestInit);
}

/** A body of many pieces that tells no length. */
function longBody(cancel = () => {}) {
  let pieces = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      pieces += 1;
      if (pieces > 10_000) controller.close();
      else controller.enqueue(new Uint8Array(10));
    },
    cancel,
  });
}

describe('readJsonBody', () => {
  it('reads JSON, whatever it holds', async () => {
    const value = { text: 'naïve \u2028 🦜', list: [1, null] };
    expect(await readJsonBody(post({ body: JSON.stringify(value) }))).toEqual(value);
  });

  it.each(['application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'Application/JSON'])(
    'accepts the type %s',
    async (type) => {
      expect(await readJsonBody(post({ type }))).toEqual({});
    },
  );

  it.each(['text/plain', 'application/jsonx', 'application/json; charset=utf-16', 'multipart/form-data', ''])(
    'refuses the type “%s” as unsupported_media_type',
    async (type) => {
      await expect(readJsonBody(post({ type }))).rejects.toMatchObject({ code: 'unsupported_media_type' });
    },
  );

  it.each(['gzip', 'br', 'deflate', 'gzip, identity', 'x'])(
    'refuses a body that is packed as “%s”, and does not read it',
    async (encoding) => {
      const request = post({ headers: { 'Content-Encoding': encoding } });
      await expect(readJsonBody(request)).rejects.toMatchObject({ code: 'unsupported_media_type' });
      expect(request.bodyUsed).toBe(false);
    },
  );

  it('reads a body that says that it is not packed', async () => {
    expect(await readJsonBody(post({ headers: { 'Content-Encoding': 'Identity' } }))).toEqual({});
  });

  it.each([
    ['is empty', ''],
    ['is cut off', '{"a":'],
    ['has something behind it', '{} {}'],
    ['is not UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
    ['ends inside of a character', new Uint8Array([0x22, 0xf0, 0x9f])],
  ])('refuses a body that %s as invalid_request', async (_what, body) => {
    await expect(readJsonBody(post({ body }))).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('takes a body of exactly the limit', async () => {
    expect(await readJsonBody(post({ body: '"12345678"' }), 10)).toBe('12345678');
  });

  it('refuses a body over the limit by the length that it tells, before reading it', async () => {
    const request = post({ body: '"123456789"', headers: { 'Content-Length': '11' } });
    await expect(readJsonBody(request, 10)).rejects.toMatchObject({ code: 'request_too_large' });
    expect(request.bodyUsed).toBe(false);
  });

  it('counts the bytes of a body that tells no length, and hangs up at the limit', async () => {
    const cancel = vi.fn();
    await expect(readJsonBody(post({ body: longBody(cancel) }), 1000)).rejects.toMatchObject({
      code: 'request_too_large',
    });
    expect(cancel).toHaveBeenCalledOnce();
  });

  it('takes a body in twenty thousand pieces and no more, however small they are', async () => {
    const inPieces = (count: number) =>
      post({
        body: new ReadableStream<Uint8Array>({
          start(controller) {
            for (let at = 0; at < count; at += 1) controller.enqueue(new Uint8Array([0x31]));
            controller.close();
          },
        }),
      });
    expect(await readJsonBody(inPieces(20_000))).toBe(Number.POSITIVE_INFINITY);
    await expect(readJsonBody(inPieces(20_001))).rejects.toMatchObject({ code: 'request_too_large' });
  });

  it('does not believe a length that is too small', async () => {
    const request = post({ body: longBody(), headers: { 'Content-Length': '2' } });
    await expect(readJsonBody(request, 1000)).rejects.toMatchObject({ code: 'request_too_large' });
  });

  it('accepts four million bytes and no more, unless told otherwise', async () => {
    expect(await readJsonBody(post({ body: JSON.stringify('a'.repeat(3_999_998)) }))).toHaveLength(3_999_998);
    const over = post({ body: JSON.stringify('a'.repeat(3_999_999)) });
    await expect(readJsonBody(over)).rejects.toMatchObject({ code: 'request_too_large' });
  });
});

const corpora = process.env.CORPORA_DIR;
if (!corpora) console.info('CORPORA_DIR is not set: the JSON test suite is skipped.');

const folder = join(corpora ?? '', 'json-bad');
const texts = (corpora ? readdirSync(folder) : []).filter((name) => name.endsWith('.json'));

describe.runIf(corpora)('the JSON test suite', () => {
  const bodyOf = (name: string) => post({ body: readFileSync(join(folder, name)) });

  it.each(texts.filter((name) => name.startsWith('y_')))('has %s, which is read', async (name) => {
    await expect(readJsonBody(bodyOf(name))).resolves.not.toBeUndefined();
  });

  it.each(texts.filter((name) => name.startsWith('n_')))('has %s, which is refused', async (name) => {
    await expect(readJsonBody(bodyOf(name))).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it.each(texts.filter((name) => name.startsWith('i_')))('has %s, which is read or refused', async (name) => {
    const outcome = await readJsonBody(bodyOf(name)).then(
      () => 'read',
      (error: { code?: string }) => error.code,
    );
    expect(['read', 'invalid_request']).toContain(outcome);
  });
});
