import { useEffect } from 'react';
import { useStickToBottom } from 'use-stick-to-bottom';
import { SteadyView } from './steady-view';

/** Keys that move the view up, away from the end. */
const KEYS_UP = ['PageUp', 'ArrowUp', 'Home'];

/** A page of the keyboard overlaps the last one a little, so that the eye finds its line again. */
const PAGE_SHARE = 0.9;

/**
 * A view that follows its content unless the reader goes elsewhere: by wheel, touch or scrollbar, by keyboard, by
 * selecting text, or by opening something. It also follows when the view itself gets smaller. For a reader who is
 * elsewhere nothing moves.
 *
 * @param replyId the running reply; each new one brings the view back to the end
 */
export function useFollowScroll(replyId: string | undefined) {
  const { scrollRef, contentRef, isAtBottom, scrollToBottom, stopScroll, state } = useStickToBottom({
    initial: 'instant',
    resize: 'instant',
  });

  useEffect(() => {
    if (replyId) void scrollToBottom('instant');
  }, [replyId, scrollToBottom]);

  useEffect(() => {
    const { current: view } = scrollRef;
    const { current: content } = contentRef;
    if (!view || !content) return;
    const steadyView = new SteadyView(view, content, state, stopScroll);
    const leaveOnSelection = () => {
      const selection = document.getSelection();
      if (selection && !selection.isCollapsed && view.contains(selection.anchorNode)) steadyView.leave();
    };
    const leaveOnOpening = (event: Event) => {
      if (event.target instanceof Element && event.target.closest('[aria-expanded], [data-opens]')) steadyView.leave();
    };
    const scrollByKey = (event: KeyboardEvent) => {
      const isInView = event.target instanceof Node && view.contains(event.target);
      if (isInView && KEYS_UP.includes(event.key)) steadyView.leave();
      if (isInView || !leavesKeysAlone(event.target)) return;
      const pages = { PageUp: -PAGE_SHARE, PageDown: PAGE_SHARE }[event.key];
      const isWholePageScrolling = view.scrollHeight <= view.clientHeight;
      if (pages === undefined || isWholePageScrolling) return;
      event.preventDefault();
      if (pages < 0) steadyView.leave();
      view.scrollBy({ top: pages * view.clientHeight });
    };
    document.addEventListener('selectionchange', leaveOnSelection);
    document.addEventListener('keydown', scrollByKey);
    view.addEventListener('click', leaveOnOpening, { capture: true });
    const stopSteadying = steadyView.start();
    // The library observes anew, so that it looks after the view is put right: else it takes what folds for the end reached.
    contentRef(content);
    return () => {
      document.removeEventListener('selectionchange', leaveOnSelection);
      document.removeEventListener('keydown', scrollByKey);
      view.removeEventListener('click', leaveOnOpening, { capture: true });
      stopSteadying();
    };
  }, [scrollRef, contentRef, stopScroll, state]);

  return { scrollRef, contentRef, isAtBottom, scrollToEnd: () => void scrollToBottom('instant') };
}

/** A composer without text, or the page itself, has no use for the keys that turn pages. */
function leavesKeysAlone(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof HTMLTextAreaElement && target.value === '');
}
