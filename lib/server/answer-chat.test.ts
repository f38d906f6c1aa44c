import { beforeAll, describe, expect, it } from 'vitest';
import { readAnswer } from '@/lib/demo/answers';
import { answerChat } from './answer-chat';
import { newCaller } from './caller.fixture';
import { giveSettings } from './settings.fixture';

const PROMPT = 'Begin an answer, then decline it.';

beforeAll(() => giveSettings({ MODELS: 'claude-sonnet-5-5,a-local-model' }));

const chat = (fields: object = {}) => ({ messages: [{ role: 'user', content: PROMPT }], ...fields });

function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return answerChat(
    new Request('http://localhost/api/chat', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );
}

describe('answerChat', () => {
  it.each([
    ['no JSON', '{', {}, 400, 'invalid_request'],
    ['another content type', chat(), { 'Content-Type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['too many bytes', ' '.repeat(4_000_001), {}, 413, 'request_too_large'],
    ['an unknown field', chat({ temperature: 1 }), {}, 400, 'invalid_request'],
    ['a model that is not on offer', chat({ model: 'claude-opus-5-5' }), {}, 400, 'model_unavailable'],
    ['an effort the model does not know', chat({ model: 'a-local-model', effort: 'low' }), {}, 400, 'invalid_request'],
  ])('refuses %s with its status and one JSON error', async (_what, body, headers, status, code) => {
    const response = await post(body, headers);
    expect(response.status).toBe(status);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const requestId = response.headers.get('x-request-id');
    expect(requestId).toMatch(/./);
    expect(await response.json()).toEqual({ error: { code, message: expect.stringMatching(/\.$/), requestId } });
  });

  it('streams the reply under the id that the client gave it', async () => {
    const replyId = 'a'.repeat(22);
    const response = await post(chat({ replyId }));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const frames = (await response.text()).split('\n\n');
    expect(frames[0]).toBe(': rivulet');
    expect(frames[1]).toMatch(new RegExp(`^id: 1\ndata: .*"reply-start".*"${replyId}".*"simulated":true`));
    expect(frames.at(-3)).toMatch(/"type":"reply-end","stopReason":"refusal"/);
    expect(frames.at(-2)).toBe('data: [DONE]');
  });

  it('gives the whole reply as one JSON object where the client accepts only that', async () => {
    const response = await post(chat(), { Accept: 'application/json' });
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.json()).toMatchObject({
      replyId: expect.stringMatching(/^[\w-]{22}$/),
      model: 'claude-sonnet-5-5',
      content: [{ type: 'text', text: readAnswer('refuse') }],
      stopReason: 'refusal',
    });
  });

  it('gives a caller without a name one, and no other to one who has it', async () => {
    const named = await post(chat());
    expect(named.headers.get('set-cookie')).toMatch(/^rivulet-caller=[^;]+; Path=\/;.*; HttpOnly; SameSite=Lax$/);
    await named.body?.cancel();
    const known = await post(chat(), newCaller().headers);
    expect(known.headers.get('set-cookie')).toBeNull();
    await known.body?.cancel();
  });

  it('streams where the client accepts both', async () => {
    const response = await post(chat(), { Accept: 'text/event-stream, application/json' });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    await response.body?.cancel();
  });
});
