import type { Page } from '@playwright/test';

/** Has the database of a page open late, as on a slow disk. To be called before the page opens; gives how to let it open. */
export async function holdStore(page: Page): Promise<() => Promise<void>> {
  await page.addInitScript(() => {
    const { open } = IDBFactory.prototype;
    const letOpen = new Promise((resolve) => addEventListener('let-open', resolve));
    IDBFactory.prototype.open = function (...given) {
      const request = open.apply(this, given);
      const hold = (event: Event) => {
        event.stopImmediatePropagation();
        void letOpen.then(() => request.dispatchEvent(new Event('success')));
      };
      request.addEventListener('success', hold, { once: true });
      return request;
    };
  });
  return () => page.evaluate(() => void dispatchEvent(new Event('let-open')));
}
