/** Asks the browser not to evict what is stored when space is short. It may decline, or ask its person. */
export function askForLastingStorage(): void {
  const { storage } = navigator as { readonly storage?: StorageManager };
  storage?.persist?.().catch(() => undefined);
}
