import { describe, expect, it } from 'vitest';
import { otherMethods } from './other-methods';

describe('a method that a route has not', () => {
  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'] as const)('is refused: %s', async (method) => {
    const response = otherMethods('POST')[method]();
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
    expect(response.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    expect(await response.text()).toBe('');
  });

  it('is told by OPTIONS, and no other site is allowed anything', () => {
    const response = otherMethods('GET', 'DELETE').OPTIONS();
    expect(response.status).toBe(204);
    expect(response.headers.get('allow')).toBe('GET, DELETE, OPTIONS');
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});
