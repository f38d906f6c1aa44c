import { useEffect, useRef, useState } from 'react';

const RUNNING = '… ';
const ARRIVED = '● ';

/** Names the tab after its chat, and marks it while an answer runs, and where one has come to its end unseen. */
export function useTabTitle(title: string | undefined, isRunning: boolean): void {
  const hasArrived = useUnseenEnd(isRunning);
  const mark = isRunning ? RUNNING : hasArrived ? ARRIVED : '';
  useEffect(() => {
    document.title = `${mark}${title ? `${title} · ` : ''}Rivulet`;
  }, [mark, title]);
}

/** Whether what ran has ended while the page was hidden, until it is seen again. */
function useUnseenEnd(isRunning: boolean): boolean {
  const [isUnseen, setIsUnseen] = useState(false);
  const wasRunning = useRef(isRunning);
  useEffect(() => {
    if (wasRunning.current && !isRunning) setIsUnseen(document.hidden);
    wasRunning.current = isRunning;
  }, [isRunning]);
  useEffect(() => {
    const see = () => setIsUnseen((isStill) => isStill && document.hidden);
    document.addEventListener('visibilitychange', see);
    return () => document.removeEventListener('visibilitychange', see);
  }, []);
  return isUnseen;
}
