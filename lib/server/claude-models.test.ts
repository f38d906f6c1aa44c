import { describe, expect, it, vi } from 'vitest';
import { ACCESS } from './claude.fixture';
import { listClaudeModels } from './claude-models';

const listed = (id: string, fields: object = {}) => ({ type: 'model', id, lifecycle: 'active', ...fields });
const page = (...data: readonly object[]) => ({ data, has_more: false, first_id: null, last_id: null });

function listFrom(answer: Response) {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => answer);
  return { fetch, listing: listClaudeModels(ACCESS, fetch) };
}

describe('the list of Claude’s models', () => {
  it('is asked for once, with the key, and in one page', async () => {
    const { fetch, listing } = listFrom(Response.json(page(listed('a'), listed('b', { lifecycle: 'retired' }))));
    expect(await listing).toEqual([
      { id: 'a', isRetired: false },
      { id: 'b', isRetired: true },
    ]);
    const [input, init] = fetch.mock.calls[0] ?? expect.fail('nothing was asked');
    const request = new Request(input, init);
    expect(request.url).toBe('https://api.anthropic.com/v1/models?limit=1000');
    expect(request.method).toBe('GET');
    expect(request.headers.get('authorization')).toBe('Bearer test-key');
  });

  it.each([
    ['an address that is not known', () => new Response('{}', { status: 404 })],
    ['a server that is busy', () => new Response('{}', { status: 529 })],
    ['a web page', () => new Response('<h1>nope</h1>', { headers: { 'content-type': 'text/html' } })],
    ['something else', () => Response.json({ models: ['a'] })],
    ['the list of another API', () => Response.json({ object: 'list', data: [{ id: 'a', object: 'model' }] })],
  ])('is none where the answer is %s, and nobody asks twice', async (_what, answer) => {
    const { fetch, listing } = listFrom(answer());
    await expect(listing).rejects.toThrow();
    expect(fetch).toHaveBeenCalledOnce();
  });
});
