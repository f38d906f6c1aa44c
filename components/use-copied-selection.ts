import { type RefObject, useEffect } from 'react';
import { cleaning } from './cleaning';

/** What is selected of a thread is copied clean. On the document: a selection may begin before the thread. */
export function useCopiedSelection(threadRef: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    void cleaning.want();
    const copyClean = (event: ClipboardEvent) => {
      const selection = document.getSelection();
      const thread = threadRef.current;
      const isField = event.target instanceof Element && event.target.matches('input, textarea');
      if (!thread || !selection || selection.isCollapsed || isField) return;
      const copied = cleaning.getSnapshot()?.copiedSelection(selection, thread);
      if (!copied || !event.clipboardData) return;
      event.clipboardData.setData('text/plain', copied.text);
      event.clipboardData.setData('text/html', copied.html);
      event.preventDefault();
    };
    document.addEventListener('copy', copyClean);
    return () => document.removeEventListener('copy', copyClean);
  }, [threadRef]);
}
