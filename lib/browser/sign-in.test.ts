import { describe, expect, it, vi } from 'vitest';
import { signIn, signOut } from './sign-in';

const answers = (...responses: (Response | Error)[]) =>
  vi.fn<typeof fetch>(async () => {
    const response = responses.shift();
    if (!response || response instanceof Error) throw response ?? new Error('asked too often');
    return response;
  });

const refusal = (status: number, error: object) =>
  Response.json({ error: { requestId: 'request-1', message: 'A sentence.', ...error } }, { status });

describe('a sign-in', () => {
  it('sends the password in the body, and is done when the browser has kept the session', async () => {
    const fetch = answers(new Response(null, { status: 204 }), Response.json({}));
    expect(await signIn('hunter2', { fetch })).toEqual({ is: 'signed-in' });
    expect(fetch.mock.calls[0]).toEqual([
      '/api/session',
      { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"password":"hunter2"}' },
    ]);
  });

  it('says so where the browser has not kept the session', async () => {
    const fetch = answers(new Response(null, { status: 204 }), refusal(401, { code: 'not_signed_in' }));
    expect(await signIn('hunter2', { fetch })).toEqual({ is: 'not-kept' });
  });

  it('tells what the server says against it, and until when', async () => {
    const wrong = answers(refusal(401, { code: 'wrong_password' }));
    expect(await signIn('hunter2', { fetch: wrong })).toEqual({ is: 'refused', message: 'A sentence.', retryAt: null });
    const locked = answers(refusal(429, { code: 'too_many_attempts', retryAfterSeconds: 60 }));
    expect(await signIn('hunter2', { fetch: locked, now: () => 5000 })).toEqual({
      is: 'refused',
      message: 'A sentence.',
      retryAt: 65_000,
    });
  });

  it.each([
    [
      'answers something else',
      answers(new Response('<html>', { status: 502 })),
      'The server gave an unexpected answer.',
    ],
    ['cannot be reached', answers(new TypeError('failed')), 'The server cannot be reached right now.'],
  ])('ends in a sentence where the server %s', async (_what, fetch, message) => {
    expect(await signIn('hunter2', { fetch })).toEqual({ is: 'refused', message, retryAt: null });
  });
});

describe('a sign-out', () => {
  it('is done when the server says so', async () => {
    const fetch = answers(new Response(null, { status: 204 }));
    await signOut({ fetch });
    expect(fetch).toHaveBeenCalledWith('/api/session', { method: 'DELETE' });
  });

  it.each([
    ['answers something else', answers(new Response(null, { status: 502 })), 'unexpected_response'],
    ['cannot be reached', answers(new TypeError('failed')), 'server_unreachable'],
  ])('fails where the server %s', async (_what, fetch, code) => {
    await expect(signOut({ fetch })).rejects.toMatchObject({ code });
  });
});
