import type { ChatRequest } from '@/lib/protocol/chat-request';
import { textOf } from '@/lib/protocol/content';
import type { ModelInfo } from '@/lib/protocol/models';
import type { WholeReply } from '@/lib/protocol/reply-event';
import { encodeSummaryPrompt, SUMMARY_INSTRUCTIONS } from '@/lib/protocol/summary';
import { jsonBytes, MAX_TURNS_BYTES } from './attachment';
import type { Message } from './chat-state';
import { toRequestMessages } from './request-messages';
import type { RequestTurn } from './user-content';

/** How much of a context the conversation may take. The size of a token is a guess, and the rest is for what it misses. */
const MAX_SHARE = 0.6;

/** Fewer than a token has in prose, code or Chinese alike: what is guessed to fit does. */
const BYTES_PER_TOKEN = 3;

/** 500 words take about 1,000, in some languages twice as many. The rest is for thinking that cannot be turned off. */
const MAX_TOKENS = 4000;

/** In a small context even that is too much. */
const MAX_TOKENS_SHARE = 0.2;

/** The server takes 2,000 turns. */
const MAX_TURNS = 1900;

/** The names of a turn's fields and the signs around them. */
const TURN_BYTES = 60;

const LEFT_OUT = '[The beginning of this conversation is left out.]';

type Turn = { readonly role: 'user' | 'assistant'; readonly content: string };

export type SummaryRequest = {
  readonly request: ChatRequest;
  /** Whether the beginning of the conversation is not in it. */
  readonly isPartial: boolean;
};

/**
 * The request that asks a model to sum up a conversation: its turns as text, files by their names, and last what is wanted.
 * What does not fit is left out from the beginning.
 */
export function summaryRequest(
  messages: readonly Message[],
  model: Pick<ModelInfo, 'id' | 'contextTokens'>,
): SummaryRequest {
  const maxBytes = Math.min(Math.floor(model.contextTokens * MAX_SHARE) * BYTES_PER_TOKEN, MAX_TURNS_BYTES);
  const turns = toRequestMessages(messages).map(asText);
  const { kept, isPartial } = endOfConversation(
    turns,
    maxBytes - jsonBytes(LEFT_OUT) - jsonBytes(encodeSummaryPrompt('')),
  );
  return {
    request: {
      messages: withPrompt(isPartial ? withNote(kept) : kept),
      model: model.id,
      system: SUMMARY_INSTRUCTIONS,
      thinking: false,
      maxTokens: Math.min(MAX_TOKENS, Math.max(1, Math.floor(model.contextTokens * MAX_TOKENS_SHARE))),
    },
    isPartial,
  };
}

function asText({ role, content }: RequestTurn): Turn {
  if (typeof content === 'string') return { role, content };
  const texts = content.map((part) => (part.type === 'text' ? part.text : `[${part.attachment.name}]`));
  return { role, content: texts.join('\n\n') };
}

/** As many of the last turns as fit; of the first one that does not, its end. */
function endOfConversation(turns: readonly Turn[], maxBytes: number) {
  const kept: Turn[] = [];
  let room = maxBytes;
  for (const turn of turns.toReversed()) {
    const bytes = TURN_BYTES + jsonBytes(turn.content);
    if (bytes > room || kept.length === MAX_TURNS) {
      const content = endOfText(turn.content, Math.min(bytes, room) - TURN_BYTES);
      if (content.trim() !== '') kept.push({ role: turn.role, content });
      return { kept: kept.reverse(), isPartial: true };
    }
    room -= bytes;
    kept.push(turn);
  }
  return { kept: kept.reverse(), isPartial: false };
}

/** The longest end that is found to take no more bytes of JSON than this, without half a character at its beginning. */
function endOfText(text: string, maxBytes: number): string {
  let end = text.slice(-Math.max(1, maxBytes));
  for (let bytes = jsonBytes(end); bytes > maxBytes && end !== ''; bytes = jsonBytes(end)) {
    end = end.slice(end.length - Math.max(0, Math.floor((end.length * maxBytes) / bytes)));
  }
  return end.replace(/^[\udc00-\udfff]/, '');
}

function withNote([first, ...others]: readonly Turn[]): readonly Turn[] {
  if (first?.role === 'user') return [{ role: 'user', content: `${LEFT_OUT}\n\n${first.content}` }, ...others];
  return [{ role: 'user', content: LEFT_OUT }, ...(first ? [first] : []), ...others];
}

/** A question without an answer is a part of the conversation. */
function withPrompt(turns: readonly Turn[]): readonly Turn[] {
  const last = turns.at(-1);
  if (last?.role !== 'user') return [...turns, { role: 'user', content: encodeSummaryPrompt(null) }];
  return [...turns.slice(0, -1), { role: 'user', content: encodeSummaryPrompt(last.content) }];
}

/** The summary in a reply; null where there is none: the model declined, or was cut off. */
export function readSummary({ content, stopReason }: WholeReply): string | null {
  const summary = textOf(content).trim();
  return stopReason === 'end_turn' && summary !== '' ? summary : null;
}

/** What a new chat begins with: the summary behind a line that says what it is, to its reader and to Claude. */
export function draftOfSummary(summary: string, { title, isPartial }: { title?: string; isPartial: boolean }): string {
  const name = title ? `the chat “${title}”` : 'an earlier chat';
  const omission = isPartial ? ' (without its beginning, which was too long to be read)' : '';
  return `This is a summary of ${name}${omission}. Let us go on from here.\n\n${summary}\n\n`;
}
