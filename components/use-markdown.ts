import { type ComponentType, useEffect, useSyncExternalStore } from 'react';
import { Lazy } from './lazy';
import type { MarkdownProps } from './markdown';

const renderer = new Lazy<ComponentType<MarkdownProps>>(async () => {
  const { default: Markdown, warmUp } = await import('./markdown');
  whenIdle(warmUp);
  return Markdown;
});

/** Not every browser tells when it is idle. */
const whenIdle = (callback: () => void) => (globalThis.requestIdleCallback ?? setTimeout)(callback);

/**
 * The renderer of Markdown, or null until it has been fetched: after the page is usable, and without any text waiting for
 * it. Unlike `lazy` it never takes away for a moment what is on the screen.
 */
export function useMarkdown(): ComponentType<MarkdownProps> | null {
  useEffect(() => {
    void renderer.want();
  }, []);
  return useSyncExternalStore(renderer.subscribe, renderer.getSnapshot, () => null);
}
