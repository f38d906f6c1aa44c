import { describe, expect, it } from 'vitest';
import { newId } from './new-id';

describe('newId', () => {
  it('gives url-safe ids of 128 bits that do not repeat', () => {
    const ids = Array.from({ length: 1000 }, newId);
    expect(ids.filter((id) => !/^[A-Za-z0-9_-]{22}$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
