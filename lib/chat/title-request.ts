import type { ChatRequest } from '@/lib/protocol/chat-request';
import { textOf } from '@/lib/protocol/content';
import type { ModelInfo } from '@/lib/protocol/models';
import type { WholeReply } from '@/lib/protocol/reply-event';
import { encodeExchange, TITLE_INSTRUCTIONS } from '@/lib/protocol/title';
import type { Message } from './chat-state';

/** More says no more about what a conversation is about, and is paid for. */
const MAX_CHARS = 3000;

/** What is asked may stand below what was pasted: of a long text the end counts too. */
const END_CHARS = 1000;

/** A title takes about ten. The rest is for models whose thinking cannot be turned off, and is paid for only where used. */
const MAX_TOKENS = 1000;

/** The longest title that a list of chats shows whole, and the longest answer that is still one with a word too many. */
const MAX_TITLE_CHARS = 60;
const MAX_ANSWER_CHARS = 120;

type Exchange = {
  readonly question: string;
  readonly answer: string;
  readonly model: Pick<ModelInfo, 'id' | 'efforts'>;
};

/** The request that asks a small model for a title of a first exchange, with as little work as the model allows. */
export function titleRequest({ question, answer, model }: Exchange): ChatRequest {
  return {
    messages: [{ role: 'user', content: encodeExchange(shorten(question), shorten(answer)) }],
    model: model.id,
    system: TITLE_INSTRUCTIONS,
    thinking: false,
    ...(model.efforts.includes('low') && { effort: 'low' as const }),
    maxTokens: MAX_TOKENS,
  };
}

/** The same for a conversation: its first whole answer, and what was asked until then. Null where there is none. */
export function titleRequestFor(messages: readonly Message[], model: Exchange['model']): ChatRequest | null {
  const at = messages.findIndex((message) => message.role === 'assistant' && message.end.status === 'complete');
  const answer = messages[at];
  if (answer?.role !== 'assistant') return null;
  const asked = messages
    .slice(0, at)
    .flatMap((message) =>
      message.role === 'user' ? [...(message.attachments ?? []).map(({ name }) => name), message.text] : [],
    );
  return titleRequest({ question: asked.join('\n').trim(), answer: textOf(answer.content), model });
}

function shorten(text: string): string {
  if (text.length <= MAX_CHARS) return text;
  const cut = `${text.slice(0, MAX_CHARS - END_CHARS)} … ${text.slice(-END_CHARS)}`;
  // Half a character, where one was cut in two, is no text.
  return cut.replace(/\p{Surrogate}/gu, '');
}

/**
 * The title in a reply: one line of plain text, at most 60 characters; what is a little longer ends with its last whole word.
 * Null where there is none: the model declined, was cut off, or wrote something else than a title.
 */
export function readTitle({ content, stopReason }: WholeReply): string | null {
  if (stopReason !== 'end_turn') return null;
  const line =
    textOf(content)
      .trim()
      .split(/[\r\n\u2028\u2029]/)[0] ?? '';
  if (line.length > MAX_ANSWER_CHARS) return null;
  const title = fitTitle(withoutMarks(line));
  return /[\p{L}\p{N}]/u.test(title) ? title : null;
}

/** What models put around a title all the same: Markdown, quotation marks, a word that says what it is, a full stop. */
function withoutMarks(line: string): string {
  return line
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .replace(/^\s*(?:#{1,6}|[-*>])\s+/, '')
    .replace(/\*\*|__|`/g, '')
    .replace(/^\s*title:\s*/i, '')
    .replace(/^[\s*_"'“”„‟‘’‚«»‹›「」『』]+|[\s*_"'“”„‟‘’‚«»‹›「」『』]+$/gu, '')
    .replace(/(?<!\.)[.。]$/u, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function fitTitle(title: string): string {
  const characters = Array.from(title);
  if (characters.length <= MAX_TITLE_CHARS) return title;
  const beginning = characters.slice(0, MAX_TITLE_CHARS - 1).join('');
  const words = beginning.replace(/\s+\S*$/, '');
  return `${words}…`;
}
