import { describe, expect, it, vi } from 'vitest';
import { createPreferenceStore, DEFAULT_PREFERENCES, PREFERENCES_KEY } from './preferences';

/** What the tabs of a browser share, and a tab that hears of what the others write. */
function createBrowser(stored: string | null = null) {
  const values = new Map(stored === null ? [] : [[PREFERENCES_KEY, stored]]);
  const tabs: EventTarget[] = [];
  const openTab = () => {
    const own = new EventTarget();
    tabs.push(own);
    return createPreferenceStore({
      tabs: own,
      storage: () => ({
        getItem: (key) => values.get(key) ?? null,
        setItem: (key, value) => {
          values.set(key, value);
          for (const tab of tabs) if (tab !== own) tab.dispatchEvent(Object.assign(new Event('storage'), { key }));
        },
      }),
    });
  };
  return { openTab, stored: () => JSON.parse(values.get(PREFERENCES_KEY) ?? 'null') };
}

const deny = () => {
  throw new DOMException('denied', 'SecurityError');
};

describe('preferences', () => {
  it('are those of a browser without any at first, and nothing is written', () => {
    const browser = createBrowser();
    expect(browser.openTab().getSnapshot()).toEqual(DEFAULT_PREFERENCES);
    expect(browser.stored()).toBeNull();
  });

  it('are there again after a reload', () => {
    const browser = createBrowser();
    browser.openTab().set({ theme: 'dark', system: 'Be brief.' });
    expect(browser.openTab().getSnapshot()).toEqual({ ...DEFAULT_PREFERENCES, theme: 'dark', system: 'Be brief.' });
  });

  it('are heard of in other tabs, and one tab takes nothing from another', () => {
    const browser = createBrowser();
    const [one, other] = [browser.openTab(), browser.openTab()];
    const listener = vi.fn();
    const leave = other.subscribe(listener);
    one.set({ theme: 'dark' });
    expect([listener.mock.calls.length, other.getSnapshot().theme]).toEqual([1, 'dark']);
    other.set({ textSize: 'large' });
    leave();
    one.set({ sendKey: 'modified' });
    expect(listener).toHaveBeenCalledTimes(2);
    expect(other.getSnapshot()).toMatchObject({ theme: 'dark', textSize: 'large', sendKey: 'modified' });
  });

  it('are one object as long as nothing changes', () => {
    const store = createBrowser('{"theme":"dark"}').openTab();
    expect(store.getSnapshot()).toBe(store.getSnapshot());
  });

  it.each(['no JSON', '7', 'null', '[]', '"dark"'])('that are damaged are those of the beginning: %s', (stored) => {
    expect(createBrowser(stored).openTab().getSnapshot()).toEqual(DEFAULT_PREFERENCES);
  });

  it('that cannot be read cost no other, and what a newer version wrote is kept', () => {
    const browser = createBrowser(
      '{"theme":"sepia","textSize":3,"thinks":"yes","effort":"utmost","model":7,"notifies":true,"colour":"red"}',
    );
    const store = browser.openTab();
    expect(store.getSnapshot()).toEqual({ ...DEFAULT_PREFERENCES, notifies: true });
    store.set({ effort: 'low' });
    expect(browser.stored()).toMatchObject({ effort: 'low', colour: 'red', notifies: true });
  });

  it('hold until the page is closed where nothing can be stored, and say so', () => {
    const store = createPreferenceStore({ tabs: new EventTarget(), storage: deny });
    store.set({ theme: 'dark' });
    store.set({ textSize: 'large' });
    expect(store.getSnapshot()).toMatchObject({ theme: 'dark', textSize: 'large' });
    expect(store.isLasting()).toBe(false);
  });

  it('that do not fit any more stay as they were said', () => {
    const store = createPreferenceStore({
      tabs: new EventTarget(),
      storage: () => ({ getItem: () => '{"theme":"dark"}', setItem: deny }),
    });
    expect(store.isLasting()).toBe(true);
    store.set({ system: 'A long text' });
    store.set({ sendKey: 'modified' });
    expect(store.getSnapshot()).toMatchObject({ theme: 'dark', system: 'A long text', sendKey: 'modified' });
    expect(store.isLasting()).toBe(false);
  });
});
