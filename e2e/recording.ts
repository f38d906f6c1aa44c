import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A stream of the Messages API as it went over the wire. */
export type Recording = { readonly name: string; readonly bytes: Buffer };

/** What a reply to it must hold, in the words of our contract. */
export type Answer = {
  readonly content: readonly { readonly type: string; readonly text: string }[];
  readonly stopReason: string;
  readonly usage: Readonly<Record<string, number>>;
};

type Frame = {
  readonly type: string;
  readonly index?: number;
  readonly message?: { id?: string; content?: Block[]; stop_reason?: string | null; usage?: ApiUsage };
  readonly content_block?: Block;
  readonly delta?: { type?: string; text?: string; thinking?: string; stop_reason?: string | null };
  readonly usage?: ApiUsage;
};
type Block = { readonly type: string; readonly text?: string; readonly thinking?: string };
type ApiUsage = Readonly<Record<string, unknown>> & { output_tokens_details?: { thinking_tokens?: number } };

/** Every recorded stream in a folder; of those with the same bytes, one. */
export function readRecordings(folder: string): readonly Recording[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.sse'));
  const all = names.sort().map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
  return all.filter(({ bytes }, at) => all.findIndex((other) => other.bytes.equals(bytes)) === at);
}

/** A recording as far as so many bytes tell it: an event that was cut tells nothing. */
export function prefixOf({ name, bytes }: Recording, byteCount: number): Recording {
  const end = bytes.subarray(0, byteCount).lastIndexOf('\n\n');
  return { name: `${name} after ${byteCount} bytes`, bytes: bytes.subarray(0, end === -1 ? 0 : end + 2) };
}

/** The frames up to the first `message_stop`, or to another message in the middle: what follows is another answer. */
export function framesOf(recording: Recording): readonly Frame[] {
  const frames = allFramesOf(recording);
  return frames.slice(0, endOf(frames));
}

/** Whether another message begins in its middle, as where a gateway has asked twice. */
export function isSpliced(recording: Recording): boolean {
  const frames = allFramesOf(recording);
  return frames[endOf(frames)]?.type === 'message_start';
}

function allFramesOf({ bytes }: Recording): readonly Frame[] {
  const lines = bytes.toString('utf8').split('\n');
  return lines
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice('data: '.length)) as Frame);
}

function endOf(frames: readonly Frame[]): number {
  const first = frames.find(({ message }) => message)?.message;
  const isEnd = ({ type, message }: Frame) => type === 'message_stop' || (message && message.id !== first?.id);
  const end = frames.findIndex(isEnd);
  return end === -1 ? frames.length : end;
}

/** Reads the answer out of a recording all at once, and by other means than the server does. */
export function answerOf(recording: Recording): Answer {
  const frames = framesOf(recording);
  const reasons = frames.map((frame) => frame.delta?.stop_reason ?? frame.message?.stop_reason);
  const usages = frames.map((frame) => frame.message?.usage ?? frame.usage);
  const newest = (field: string) => usages.findLast((usage) => typeof usage?.[field] === 'number')?.[field] as number;
  const thinkingTokens = usages.findLast((usage) => usage?.output_tokens_details)?.output_tokens_details
    ?.thinking_tokens;
  return {
    content: joinNeighbours(frames.flatMap(shownBy)),
    stopReason: reasons.findLast((reason) => typeof reason === 'string') ?? '',
    usage: {
      inputTokens: newest('input_tokens') ?? 0,
      outputTokens: newest('output_tokens') ?? 0,
      cacheReadTokens: newest('cache_read_input_tokens') ?? 0,
      cacheWriteTokens: newest('cache_creation_input_tokens') ?? 0,
      ...(thinkingTokens !== undefined && { thinkingTokens }),
    },
  };
}

/** Only text and thinking are shown: no tool's input or result, no signature, no summary of a compaction. */
function shownBy({ message, content_block, delta }: Frame): { type: string; text: string }[] {
  const blocks = [...(message?.content ?? []), ...(content_block ? [content_block] : [])];
  const texts = blocks.map((block) => ({ type: block.type, text: block.text ?? block.thinking }));
  if (delta?.type === 'text_delta') texts.push({ type: 'text', text: delta.text });
  if (delta?.type === 'thinking_delta') texts.push({ type: 'thinking', text: delta.thinking });
  return texts.flatMap(({ type, text }) => ((type === 'text' || type === 'thinking') && text ? [{ type, text }] : []));
}

export function joinNeighbours(parts: readonly { type: string; text: string }[]): { type: string; text: string }[] {
  const joined: { type: string; text: string }[] = [];
  for (const { type, text } of parts) {
    const last = joined.at(-1);
    if (last?.type === type) last.text += text;
    else joined.push({ type, text });
  }
  return joined;
}
