import { type ComponentType, useEffect, useSyncExternalStore } from 'react';
import type { MarkdownProps } from './markdown';

let Markdown: ComponentType<MarkdownProps> | null = null;
let isLoading = false;
const listeners = new Set<() => void>();

async function load(): Promise<void> {
  if (isLoading || Markdown) return;
  isLoading = true;
  try {
    const { default: component, warmUp } = await import('./markdown');
    Markdown = component;
    for (const listener of listeners) listener();
    whenIdle(warmUp);
  } catch {
    // The text stays readable as it is, and the next answer tries again.
  } finally {
    isLoading = false;
  }
}

/** Not every browser tells when it is idle. */
const whenIdle = (callback: () => void) => (globalThis.requestIdleCallback ?? setTimeout)(callback);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * The renderer of Markdown, or null until it has been fetched: after the page is usable, and without any text waiting for
 * it. Unlike `lazy` it never takes away for a moment what is on the screen.
 */
export function useMarkdown(): ComponentType<MarkdownProps> | null {
  useEffect(() => {
    void load();
  }, []);
  return useSyncExternalStore(
    subscribe,
    () => Markdown,
    () => null,
  );
}
