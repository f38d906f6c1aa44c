import { afterEach, expect, it, vi } from 'vitest';
import { copy } from './copy';

afterEach(() => vi.unstubAllGlobals());

class FakeItem {
  constructor(readonly parts: Readonly<Record<string, Blob>>) {}
}

/** A clipboard that does as it is told, and what was put on it. */
function fakeClipboard(takes: { readonly both: boolean; readonly text: boolean }) {
  vi.stubGlobal('ClipboardItem', FakeItem);
  const write = vi.fn(async (_items: readonly FakeItem[]) => {
    if (!takes.both) throw new DOMException('not allowed', 'NotAllowedError');
  });
  const writeText = vi.fn(async (_text: string) => {
    if (!takes.text) throw new DOMException('not allowed', 'NotAllowedError');
  });
  return { write, writeText, clipboard: { write, writeText } as unknown as Clipboard };
}

it('what has a form is copied with it and as text, both at once', async () => {
  const { clipboard, write, writeText } = fakeClipboard({ both: true, text: true });
  expect(await copy({ text: '*a*', html: '<em>a</em>' }, clipboard)).toBe(true);
  const parts = Object.entries(write.mock.calls[0]?.[0][0]?.parts ?? {});
  const contents = await Promise.all(parts.map(async ([type, blob]) => [type, blob.type, await blob.text()]));
  expect(contents).toEqual([
    ['text/plain', 'text/plain', '*a*'],
    ['text/html', 'text/html', '<em>a</em>'],
  ]);
  expect(writeText).not.toHaveBeenCalled();
});

it('where a browser takes text alone, it is given that', async () => {
  const { clipboard, writeText } = fakeClipboard({ both: false, text: true });
  expect(await copy({ text: '*a*', html: '<em>a</em>' }, clipboard)).toBe(true);
  expect(writeText.mock.calls).toEqual([['*a*']]);
  vi.stubGlobal('ClipboardItem', undefined);
  expect(await copy({ text: 'b', html: 'b' }, clipboard)).toBe(true);
  expect(writeText).toHaveBeenLastCalledWith('b');
});

it('what is text alone is copied as such', async () => {
  const { clipboard, write } = fakeClipboard({ both: true, text: true });
  expect(await copy({ text: 'a' }, clipboard)).toBe(true);
  expect(write).not.toHaveBeenCalled();
});

it('a browser that takes nothing, or has no clipboard, is told apart from one that does', async () => {
  const { clipboard } = fakeClipboard({ both: false, text: false });
  expect(await copy({ text: 'a', html: 'a' }, clipboard)).toBe(false);
  vi.stubGlobal('navigator', {});
  expect(await copy({ text: 'a', html: 'a' })).toBe(false);
});
