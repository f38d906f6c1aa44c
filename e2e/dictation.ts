import { setTimeout as delay } from 'node:timers/promises';
import type { UpstreamCall } from './upstream-call';

/** Often enough to look alive, seldom enough to cost nothing. */
const EVERY_MS = 50;

/** Sends one frame after the other, in real time, until they are used up or the client has gone. */
export async function dictate(call: UpstreamCall, frames: Iterable<string>, everyMs = EVERY_MS): Promise<void> {
  for (const frame of frames) {
    if (!call.isOpen) return;
    call.send(frame);
    await delay(everyMs);
  }
}

/** The same frame without an end. */
export function* endlessly(frame: string): Generator<string, void> {
  for (;;) yield frame;
}
