import { setTimeout as delay } from 'node:timers/promises';
import { blockStop, messageEnd, messageStart, textDelta, textStart } from './frames';
import type { UpstreamCall } from './upstream-call';

/** Twenty words a second, as a model writes. */
const EVERY_MS = 50;

/** The words of an answer, each of which tells its place. */
export function wordsOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `w${index + 1}`);
}

/** Writes an answer word by word, whoever reads it, and ends it. Gives the whole text. */
export async function tell(call: UpstreamCall, count: number): Promise<string> {
  call.send(messageStart(), textStart());
  for (const [index, word] of wordsOf(count).entries()) {
    if (!call.isOpen) throw new Error(`the server hung up after ${index} words`);
    call.send(textDelta(index === 0 ? word : ` ${word}`));
    await delay(EVERY_MS);
  }
  call.send(blockStop(), messageEnd());
  call.end();
  return wordsOf(count).join(' ');
}
