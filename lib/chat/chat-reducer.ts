import type { WireError } from '@/lib/protocol/chat-error';
import { appendToContent } from '@/lib/protocol/content';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { assertNever } from './assert-never';
import type { AssistantMessage, Attempt, ChatState, Reply, ReplyEnd, UserMessage } from './chat-state';

/** What happened to a conversation. `at` is the browser's clock in milliseconds. */
export type ChatAction =
  | ({ readonly type: 'message-sent'; readonly message: UserMessage } & ReplyBegin)
  | ({ readonly type: 'reply-retried' } & ReplyBegin)
  /** `lastSeq` is the number of the last of them. */
  | {
      readonly type: 'events-received';
      readonly events: readonly ReplyEvent[];
      readonly lastSeq: number;
      readonly at: number;
    }
  | { readonly type: 'connection-lost' }
  | { readonly type: 'connection-restored'; readonly at: number }
  | { readonly type: 'stop-requested' }
  | { readonly type: 'reply-stopped'; readonly at: number }
  | { readonly type: 'reply-lost'; readonly error: WireError; readonly at: number }
  | { readonly type: 'question-taken-back' }
  /** What was stored, or what another tab knows. */
  | { readonly type: 'chat-restored'; readonly state: ChatState };

type ReplyBegin = { readonly replyId: string; readonly model: string | undefined; readonly at: number };

/** The next state. Pure; turns that an action does not concern keep their identity. Actions that come too late change nothing. */
export function reduceChat(state: ChatState, action: ChatAction): ChatState {
  switch (action.type) {
    case 'message-sent':
      if (state.reply) return state;
      return { messages: [...state.messages, action.message], reply: startReply(action, []) };
    case 'reply-retried': {
      const last = state.messages.at(-1);
      if (state.reply || last?.role !== 'assistant') return state;
      return { messages: state.messages.slice(0, -1), reply: startReply(action, attemptsOf(last)) };
    }
    case 'events-received':
      return hear(
        action.events.reduce((next, event) => applyEvent(next, event, action.at), state),
        action,
      );
    case 'connection-lost':
      return connect(state, 'lost');
    case 'connection-restored':
      return hear(connect(state, 'open'), action);
    case 'stop-requested':
      return connect(state, 'stopping');
    case 'reply-stopped':
      return commit(state, { status: 'stopped' }, heardAt(state, action.at));
    case 'reply-lost':
      return commit(state, brokenEnd(state, action.error, action.at), heardAt(state, action.at));
    case 'question-taken-back':
      if (state.reply || state.messages.at(-1)?.role !== 'assistant') return state;
      return { messages: state.messages.slice(0, -2), reply: null };
    case 'chat-restored':
      return action.state;
    default:
      return assertNever(action);
  }
}

function startReply({ replyId, model, at }: ReplyBegin, earlier: readonly Attempt[]): Reply {
  return {
    id: replyId,
    phase: { name: 'sending' },
    content: [],
    model,
    lastSeq: 0,
    isResumable: null,
    connection: 'open',
    startedAt: at,
    heardAt: at,
    thinkingSince: null,
    thinkingMs: null,
    earlier,
  };
}

function hear(state: ChatState, { at, lastSeq }: { readonly at: number; readonly lastSeq?: number }): ChatState {
  const { reply } = state;
  return reply ? withReply(state, { ...reply, heardAt: at, lastSeq: lastSeq ?? reply.lastSeq }) : state;
}

/** Until when Claude was at work, as far as it was heard: the time that went on waiting for it is not its own. */
function heardAt({ reply }: ChatState, at: number): number {
  return reply?.heardAt ?? at;
}

/** A reply that is being stopped stays so, whatever becomes of its connection. */
function connect(state: ChatState, connection: Reply['connection']): ChatState {
  const { reply } = state;
  if (!reply || reply.connection === connection || reply.connection === 'stopping') return state;
  return withReply(state, { ...reply, connection });
}

/** What was shown stays: an attempt with anything in it is kept beside the next one. */
function attemptsOf({ id, content, thinkingMs, end, earlier }: AssistantMessage): readonly Attempt[] {
  return content.length > 0 ? [...earlier, { id, content, thinkingMs, end }] : earlier;
}

function applyEvent(state: ChatState, event: ReplyEvent, at: number): ChatState {
  const { reply } = state;
  if (!reply) return state;
  switch (event.type) {
    case 'reply-start':
      return withReply(state, { ...reply, isResumable: event.resumable });
    case 'reply-waiting':
      return withReply(state, {
        ...reply,
        phase: { name: 'waiting', reason: event.reason, retryAt: at + event.retryInMs },
      });
    case 'thinking-delta':
      return withReply(state, {
        ...reply,
        phase: reply.phase.name === 'thinking' ? reply.phase : { name: 'thinking' },
        content: appendToContent(reply.content, 'thinking', event.text),
        thinkingSince: reply.thinkingSince ?? at,
      });
    case 'text-delta':
      return withReply(state, {
        ...reply,
        phase: reply.phase.name === 'streaming' ? reply.phase : { name: 'streaming' },
        content: appendToContent(reply.content, 'text', event.text),
        thinkingMs: thinkingTime(reply, at),
      });
    case 'reply-end':
      return commit(
        state,
        { status: 'complete', stopReason: event.stopReason, usage: event.usage, timing: event.timing },
        at,
      );
    case 'reply-stopped':
      return commit(state, { status: 'stopped', usage: event.usage }, at);
    case 'reply-error':
      return commit(state, brokenEnd(state, event.error, at), at);
    default:
      return assertNever(event);
  }
}

function withReply(state: ChatState, reply: Reply): ChatState {
  return { ...state, reply };
}

function thinkingTime(reply: Reply, at: number): number | null {
  if (reply.thinkingMs !== null || reply.thinkingSince === null) return reply.thinkingMs;
  return at - reply.thinkingSince;
}

function brokenEnd({ reply }: ChatState, error: WireError, at: number): ReplyEnd {
  const { retryAfterSeconds } = error;
  return {
    status: reply && reply.content.length > 0 ? 'interrupted' : 'failed',
    error,
    retryAt: retryAfterSeconds === undefined ? null : at + retryAfterSeconds * 1000,
  };
}

/** The whole reply becomes one message. */
function commit(state: ChatState, end: ReplyEnd, at: number): ChatState {
  const { reply } = state;
  if (!reply) return state;
  const message: AssistantMessage = {
    id: reply.id,
    role: 'assistant',
    content: reply.content,
    thinkingMs: thinkingTime(reply, at),
    end,
    earlier: reply.earlier,
  };
  return { messages: [...state.messages, message], reply: null };
}
