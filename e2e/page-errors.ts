import type { BrowserContext } from '@playwright/test';

/** The browser itself prints an error for each response with an error status. */
export const FAILED_REQUEST = /Failed to load resource/;

/** Collects what goes wrong in the pages of a test: uncaught errors, and whatever is printed as an error. */
export class PageErrors {
  readonly #seen: string[] = [];
  readonly #allowed: RegExp[] = [];

  /** The test's own context is watched already; one that a test opens itself is not. */
  watch(context: BrowserContext): void {
    context.on('console', (message) => {
      if (message.type() === 'error') this.#seen.push(`console.error: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => this.#seen.push(`uncaught: ${error.error().stack ?? error.error().message}`));
  }

  /** For a test that provokes one. */
  allow(pattern: RegExp): void {
    this.#allowed.push(pattern);
  }

  get unexpected(): readonly string[] {
    return this.#seen.filter((line) => !this.#allowed.some((pattern) => pattern.test(line)));
  }
}
