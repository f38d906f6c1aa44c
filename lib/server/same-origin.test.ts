import { describe, expect, it } from 'vitest';
import { requireSameOrigin } from './same-origin';

const request = (headers: Record<string, string>) =>
  new Request('http://internal:3000/api/chat', { method: 'POST', headers: { host: 'chat.example', ...headers } });

/** Whether a request with these headers is let through, with so many proxies that are trusted. */
function isLetThrough(headers: Record<string, string>, trustedProxies = 0): boolean {
  try {
    requireSameOrigin(request(headers), trustedProxies);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'cross_origin' });
    return false;
  }
}

describe('a request is let through', () => {
  it.each([
    ['of a program, which says nothing', {}],
    ['of our own page', { origin: 'http://chat.example', 'sec-fetch-site': 'same-origin' }],
    ['of a browser that says only one of the two', { origin: 'http://chat.example' }],
    ['of the person', { 'sec-fetch-site': 'none' }],
    ['of a page behind a proxy that does not speak of its encryption', { origin: 'https://chat.example' }],
    ['of an encrypted page', { origin: 'https://chat.example', 'x-forwarded-proto': 'https' }],
  ])('%s', (_what, headers) => expect(isLetThrough(headers)).toBe(true));

  it('of a page that a trusted proxy serves under another name', () => {
    const headers = { origin: 'https://rivulet.example', 'x-forwarded-host': 'rivulet.example' };
    expect(isLetThrough(headers, 1)).toBe(true);
    expect(isLetThrough(headers, 0)).toBe(false);
  });
});

describe('a request is refused', () => {
  it.each([
    ['of another site (A044)', { origin: 'https://evil.example' }],
    ['of a page without an origin (A045)', { origin: 'null' }],
    ['of a subdomain (A045)', { origin: 'http://blog.chat.example' }],
    ['of the page without encryption (A045)', { origin: 'http://chat.example', 'x-forwarded-proto': 'https' }],
    ['of another port (A045)', { origin: 'http://chat.example:8080' }],
    ['of another site that only the browser names (A046)', { 'sec-fetch-site': 'cross-site' }],
    ['of a sibling that only the browser names', { 'sec-fetch-site': 'same-site' }],
    [
      'of another site that claims to be ours in one of the two',
      { origin: 'http://chat.example', 'sec-fetch-site': 'cross-site' },
    ],
    ['of a name that begins like ours', { origin: 'http://chat.example.evil.example' }],
    ['of an empty origin', { origin: '' }],
  ])('%s', (_what, headers) => expect(isLetThrough(headers)).toBe(false));
});
