/** Lets something happen whose failure has been told elsewhere, as a store tells its own to whoever watches it. */
export function unheard(work: Promise<unknown>): void {
  work.catch(() => undefined);
}
