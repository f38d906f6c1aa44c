import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeFrame } from '@/lib/demo/script';
import { ChatError, type ErrorCode } from '@/lib/protocol/chat-error';
import { type ClaudeEvent, connectClaude } from './claude';
import { ACCESS, CALL } from './claude.fixture';

type Refusal = { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> };

/** What the first thing that Claude says is, where it is a failure. */
async function failureOf(fetch?: typeof globalThis.fetch, access: Parameters<typeof connectClaude>[0] = ACCESS) {
  const events: ClaudeEvent[] = [];
  try {
    for await (const event of connectClaude(access, fetch)(CALL, new AbortController().signal)) events.push(event);
  } catch (error) {
    if (error instanceof ChatError) return error;
    throw error;
  }
  return expect.fail(`no failure after ${events.length} events`);
}

const refuse = ({ status, body = '', headers = {} }: Refusal) =>
  failureOf(async () => new Response(body, { status, headers: { 'content-type': 'application/json', ...headers } }));

const errorBody = (type: string, message = 'the words of the body') =>
  JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_1' });

describe('a request that Claude refuses', () => {
  it.each<[number, string, ErrorCode]>([
    [400, 'invalid_request_error', 'request_rejected'],
    [401, 'authentication_error', 'service_misconfigured'],
    [402, 'billing_error', 'service_misconfigured'],
    [403, 'permission_error', 'service_misconfigured'],
    [404, 'not_found_error', 'model_unavailable'],
    [413, 'request_too_large', 'request_too_large'],
    [429, 'rate_limit_error', 'rate_limited'],
    [500, 'api_error', 'upstream_failed'],
    [504, 'timeout_error', 'upstream_failed'],
    [529, 'overloaded_error', 'overloaded'],
  ])('with %i %s is %s, and its own words stay here', async (status, type, code) => {
    const failure = await refuse({ status, body: errorBody(type) });
    expect(failure.code).toBe(code);
    expect(failure.message).toBe(new ChatError(code).message);
  });

  it.each<[number, ErrorCode]>([
    [400, 'request_rejected'],
    [401, 'service_misconfigured'],
    [403, 'service_misconfigured'],
    [413, 'request_too_large'],
    [429, 'rate_limited'],
    [500, 'upstream_failed'],
    [502, 'upstream_failed'],
    [503, 'overloaded'],
    [529, 'overloaded'],
  ])('with %i and a web page of a proxy is %s by its status', async (status, code) => {
    const failure = await refuse({ status, body: '<h1>nope</h1>', headers: { 'content-type': 'text/html' } });
    expect(failure.code).toBe(code);
    expect(failure.message).toBe(new ChatError(code).message);
  });

  it('because the key may not use this model is model_unavailable: it is good for others', async () => {
    const message = 'Your API key does not have permission to use the model claude-mythos-5-2.';
    const failure = await refuse({ status: 403, body: errorBody('permission_error', message) });
    expect(failure.code).toBe('model_unavailable');
    expect(failure.message).toBe(new ChatError('model_unavailable').message);
  });

  it.each([
    'prompt is too long: 3333404 tokens > 200000 maximum',
    'input length and `max_tokens` exceed context limit: 199000 + 8192 > 200000',
  ])('because “%s” is conversation_too_long', async (message) => {
    const failure = await refuse({ status: 400, body: errorBody('invalid_request_error', message) });
    expect(failure.code).toBe('conversation_too_long');
  });

  it('tells when to come back', async () => {
    const failure = await refuse({
      status: 429,
      body: errorBody('rate_limit_error'),
      headers: { 'retry-after': '7' },
    });
    expect(failure.retryAfterSeconds).toBe(7);
  });
});

describe('a failure in the middle of an answer', () => {
  it.each<[string, ErrorCode]>([
    ['overloaded_error', 'overloaded'],
    ['rate_limit_error', 'rate_limited'],
    ['api_error', 'upstream_failed'],
    ['authentication_error', 'service_misconfigured'],
    ['a_type_of_tomorrow', 'upstream_failed'],
    ['toString', 'upstream_failed'],
  ])('of type %s is %s', async (type, code) => {
    const frames = [
      encodeFrame('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hi' } }),
      `event: error\ndata: ${errorBody(type)}\n\n`,
    ];
    const failure = await failureOf(async () => new Response(frames.join('')));
    expect(failure.code).toBe(code);
    expect(failure.message).toBe(new ChatError(code).message);
  });
});

describe('a server that is not there', () => {
  it('is upstream_unreachable when nobody listens', async () => {
    // Port 1 (tcpmux) is closed wherever this runs.
    const failure = await failureOf(undefined, { ...ACCESS, baseUrl: 'http://127.0.0.1:1' });
    expect(failure.code).toBe('upstream_unreachable');
  });

  it('is upstream_unreachable when fetch rejects', async () => {
    const failure = await failureOf(() => Promise.reject(new TypeError('fetch failed')));
    expect(failure.code).toBe('upstream_unreachable');
  });
});

const corpora = process.env.CORPORA_DIR;
if (!corpora) console.info('CORPORA_DIR is not set: the recorded errors of the Messages API are skipped.');

type RecordedError = { readonly status: number; readonly body: string; readonly headers: Record<string, string> };

function readRecordedErrors(folder: string): RecordedError[] {
  const recorded = JSON.parse(readFileSync(join(folder, 'anthropic-sse/http-errors.json'), 'utf8')) as {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body: string | null;
    readonly parsed_body: unknown;
  }[];
  return recorded.map(({ status, headers, body, parsed_body }) => ({
    status,
    headers,
    body: body ?? JSON.stringify(parsed_body),
  }));
}

describe.runIf(corpora)('a recorded refusal', () => {
  const CODES: readonly [words: string, code: ErrorCode][] = [
    ['prompt is too long', 'conversation_too_long'],
    ['invalid_request_error', 'request_rejected'],
    ['authentication_error', 'service_misconfigured'],
    ['not_found_error', 'model_unavailable'],
  ];

  it.each(corpora ? readRecordedErrors(corpora) : [])('with $status is a known failure: $body', async (recorded) => {
    const failure = await refuse(recorded);
    expect(failure.code).toBe(CODES.find(([words]) => recorded.body.includes(words))?.[1]);
    expect(failure.message).toBe(new ChatError(failure.code).message);
  });
});
