import { describe, expect, it } from 'vitest';
import { readStorageUse, sizeInWords } from './storage-use';

const managerOf = (answers: Partial<StorageManager>) => answers as StorageManager;

describe('the use of the storage', () => {
  it('is what the browser says', async () => {
    const storage = managerOf({ estimate: async () => ({ usage: 5_000 }), persisted: async () => true });
    expect(await readStorageUse(storage)).toEqual({ bytes: 5_000, isLasting: true });
  });

  it('is unknown where the browser does not say, or cannot', async () => {
    const broken = managerOf({ estimate: () => Promise.reject(new Error('no')), persisted: async () => false });
    expect(await readStorageUse(broken)).toEqual({ bytes: null, isLasting: false });
    expect(await readStorageUse(managerOf({}))).toEqual({ bytes: null, isLasting: null });
  });

  it.each([
    [0, 'less than 0.1 MB'],
    [1_240_000, 'about 1.2 MB'],
    [48_600_000, 'about 49 MB'],
  ])('is told in words: %d bytes', (bytes, words) => {
    expect(sizeInWords(bytes)).toBe(words);
  });
});
