import { Arrivals } from './arrivals';
import { joinNeighbours } from './recording';
import { OpenReply, type WireEvent } from './reply-client';

/** What became of a reply. `end` is the stop reason of a complete one, else the code of what went wrong. */
export type Outcome = {
  readonly content: readonly { readonly type: string; readonly text: string }[];
  readonly end: string;
  readonly usage: unknown;
};

export type FollowedReply = {
  readonly outcome: Promise<Outcome>;
  /** Resolves when so many characters have come, or when nothing more will. */
  readonly hasShown: (characterCount: number) => Promise<unknown>;
};

/** Reads a reply to its end, as a stream or as the failure that it was answered with. */
export function followReply(asked: Promise<Response>): FollowedReply {
  const counts = new Arrivals<number>();
  counts.add(0);
  const outcome = readOutcome(asked, (count) => counts.add(count));
  return {
    outcome,
    hasShown: (characterCount) => Promise.race([outcome, counts.find((count) => count >= characterCount)]),
  };
}

async function readOutcome(asked: Promise<Response>, onShown: (characterCount: number) => void): Promise<Outcome> {
  const response = await asked;
  if (!response.ok) return { content: [], end: codeOf(await response.json()), usage: undefined };
  const reply = new OpenReply(response, new AbortController());
  const parts: { type: string; text: string }[] = [];
  let last: WireEvent | undefined;
  let characterCount = 0;
  for (let event = await reply.nextEvent(); event; event = await reply.nextEvent()) {
    last = event;
    if (typeof event.text !== 'string') continue;
    parts.push({ type: event.type.replace('-delta', ''), text: event.text });
    characterCount += event.text.length;
    onShown(characterCount);
  }
  const content = joinNeighbours(parts);
  if (last?.type !== 'reply-end') return { content, end: codeOf(last), usage: undefined };
  return { content, end: String(last.stopReason), usage: last.usage };
}

const codeOf = (told: unknown) => (told as { error?: { code?: string } } | undefined)?.error?.code ?? 'no code';
