import { describe, expect, it, vi } from 'vitest';
import { createDismissedLevels } from './dismissed-levels';

/** A storage that tabs share, as a browser does. */
function createBrowser(stored: string | null = null) {
  const values = new Map(stored === null ? [] : [['rivulet/context', stored]]);
  const tabs: EventTarget[] = [];
  return {
    open: () => {
      const tab = new EventTarget();
      tabs.push(tab);
      const storage = () => ({
        getItem: (key: string) => values.get(key) ?? null,
        setItem: (key: string, value: string) => {
          values.set(key, value);
          for (const other of tabs.filter((each) => each !== tab)) {
            other.dispatchEvent(Object.assign(new Event('storage'), { key }));
          }
        },
      });
      return createDismissedLevels({ storage, tabs: tab });
    },
  };
}

describe('what was dismissed', () => {
  it('is known in every tab at once, and in the next page', () => {
    const browser = createBrowser();
    const [one, other] = [browser.open(), browser.open()];
    const listener = vi.fn();
    other.subscribe(listener);
    expect(other.levelOf('a')).toBe(0);
    one.dismiss('a', 80);
    expect(listener).toHaveBeenCalledTimes(1);
    expect([one, other, browser.open()].map((tab) => tab.levelOf('a'))).toEqual([80, 80, 80]);
    expect(one.levelOf('b')).toBe(0);
  });

  it('takes the place of what was dismissed before in that chat, and of no other', () => {
    const [one, other] = [createBrowser(), createBrowser()].map((browser) => browser.open());
    one?.dismiss('a', 80);
    one?.dismiss('b', 85);
    one?.dismiss('a', 90);
    expect([one?.levelOf('a'), one?.levelOf('b'), other?.levelOf('a')]).toEqual([90, 85, 0]);
  });

  it('is forgotten after 200 other chats', () => {
    const levels = createBrowser().open();
    for (let chat = 0; chat <= 200; chat += 1) levels.dismiss(`chat ${chat}`, 80);
    expect([levels.levelOf('chat 0'), levels.levelOf('chat 1')]).toEqual([0, 80]);
  });

  it.each(['', 'null', '{"a":1}', '[["a"],3,["b","80"]]'])('is nothing where %j is stored', (stored) => {
    const levels = createBrowser(stored).open();
    expect([levels.levelOf('a'), levels.levelOf('b')]).toEqual([0, 0]);
  });

  it('holds for the page where the browser keeps nothing', () => {
    const storage = () => {
      throw new DOMException('blocked', 'SecurityError');
    };
    const levels = createDismissedLevels({ storage, tabs: new EventTarget() });
    levels.dismiss('a', 80);
    expect(levels.levelOf('a')).toBe(80);
  });
});
