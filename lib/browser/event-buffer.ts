import { isTerminal, type ReplyEvent } from '@/lib/protocol/reply-event';
import type { EventBatch } from './event-reader';
import type { ScheduleFrame } from './frame-scheduler';

/** Holds events until the next frame, so that a view is drawn once per frame however many arrive. */
export type EventBuffer = {
  /** The end of a reply is passed on at once with all before it, and so is what is urgent. */
  readonly add: (batch: EventBatch, isUrgent: boolean) => void;
  /** Passes on what is held. */
  readonly flush: () => void;
};

export function createEventBuffer(scheduleFrame: ScheduleFrame, onEvents: (batch: EventBatch) => void): EventBuffer {
  let events: ReplyEvent[] = [];
  let lastSeq = 0;
  let cancelFrame: (() => void) | null = null;

  function flush(): void {
    cancelFrame?.();
    cancelFrame = null;
    const held = events;
    events = [];
    if (held.length > 0) onEvents({ events: held, lastSeq });
  }

  return {
    add: (batch, isUrgent) => {
      events.push(...batch.events);
      lastSeq = batch.lastSeq;
      if (isUrgent || batch.events.some(isTerminal)) flush();
      else cancelFrame ??= scheduleFrame(flush);
    },
    flush,
  };
}
