import { afterEach, beforeEach, vi } from 'vitest';

/** For the tests of this room: a page, as far as it is listened to, with timers that are moved by hand. It is new for each test. */
export function standInForPage() {
  const stand = { page: new EventTarget(), shown: Object.assign(new EventTarget(), { visibilityState: 'visible' }) };
  beforeEach(() => {
    vi.useFakeTimers();
    stand.page = new EventTarget();
    stand.shown = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    vi.stubGlobal('addEventListener', stand.page.addEventListener.bind(stand.page));
    vi.stubGlobal('document', stand.shown);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  return stand;
}
