/** What is kept in this browser. Null where it does not tell. */
export type StorageUse = {
  readonly bytes: number | null;
  /** Whether it stays when the browser runs short of room. */
  readonly isLasting: boolean | null;
};

/** Asks the browser. Never rejects: one that does not answer does not tell. */
export async function readStorageUse(storage: StorageManager | undefined = navigator.storage): Promise<StorageUse> {
  const [estimate, isLasting] = await Promise.all([
    storage?.estimate?.().catch(() => null),
    storage?.persisted?.().catch(() => null),
  ]);
  return { bytes: estimate?.usage ?? null, isLasting: isLasting ?? null };
}

const MEGABYTE = 1_000_000;

/** So much in words, never more exact than a browser is. */
export function sizeInWords(bytes: number): string {
  if (bytes < MEGABYTE / 10) return 'less than 0.1 MB';
  const megabytes = bytes / MEGABYTE;
  return `about ${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes)} MB`;
}
