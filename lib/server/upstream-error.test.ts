import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from './upstream-error';

describe('parseRetryAfter', () => {
  const NOW = Date.parse('2026-11-21T10:00:00Z');

  it.each([
    ['2', 2],
    ['0', 0],
    ['3600', 3600],
    ['9999999999999', 31_536_000],
    ['9'.repeat(30), 31_536_000],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 31_536_000],
    ['Sat, 21 Nov 2026 10:00:30 GMT', 30],
    ['Sat, 21 Nov 2026 09:59:00 GMT', undefined],
    ['-5', undefined],
    ['banana', undefined],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('reads %j as %j seconds', (header, seconds) => {
    expect(parseRetryAfter(header, NOW)).toBe(seconds);
  });
});
