import type { WireError } from '@/lib/protocol/chat-error';
import { appendToContent } from '@/lib/protocol/content';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { assertNever } from './assert-never';
import { findMessage, messagesTo, placeOf, siblingsOf } from './branches';
import type { ChatSettings } from './chat-settings';
import type { AssistantMessage, ChatState, Reply, ReplyEnd, UserMessage } from './chat-state';
import { type ChatDecision, decide, unqueue, withChoices } from './decide';

/** What happened to a conversation. `at` is the browser's clock in milliseconds. */
export type ChatAction =
  /** A question was asked, behind the last turn or beside another question. */
  | ({ readonly type: 'message-sent'; readonly message: Omit<UserMessage, 'createdAt'> } & ReplyBegin)
  /** Another answer to a question was asked for. */
  | ({ readonly type: 'answer-requested'; readonly questionId: string } & ReplyBegin)
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
  | { readonly type: 'decided'; readonly decision: ChatDecision; readonly at: number }
  /** What was stored, or what another tab knows. */
  | { readonly type: 'chat-restored'; readonly state: ChatState };

type ReplyBegin = { readonly replyId: string; readonly settings: ChatSettings; readonly at: number };

/** The next state. Pure; turns that an action does not concern keep their identity. Actions that come too late change nothing. */
export function reduceChat(state: ChatState, action: ChatAction): ChatState {
  switch (action.type) {
    case 'message-sent': {
      if (state.reply || findMessage(state.messages, action.message.id)) return state;
      const message = { ...action.message, createdAt: timeOfNext(state, action.at) };
      // A chat keeps what it was begun with, whatever is preferred for the next one.
      const { settings, at } = action;
      const begun = state.messages.length === 0 ? withChoices(state, { settings }, at) : state;
      const asked = showNewest({ ...begun, messages: [...begun.messages, message] }, message.parentId, at);
      return { ...unqueue(asked, message.id, at), reply: startReply(action, message.id) };
    }
    case 'answer-requested': {
      const { questionId } = action;
      const isAsked = findMessage(state.messages, questionId)?.role === 'user';
      if (state.reply || !isAsked || Object.hasOwn(state.choices.deleted, questionId)) return state;
      return { ...showNewest(state, questionId, action.at), reply: startReply(action, questionId) };
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
    case 'decided':
      return decide(state, action.decision, action.at);
    case 'chat-restored':
      return action.state;
    default:
      return assertNever(action);
  }
}

/** Later than every turn that is there, whatever becomes of the clock: siblings stay in their order. */
function timeOfNext({ messages }: ChatState, at: number): number {
  return Math.max(at, (messages.at(-1)?.createdAt ?? 0) + 1);
}

/** What comes now behind this turn is shown: it is the newest there, and the way to it is chosen. */
function showNewest(state: ChatState, parentId: string | null, at: number): ChatState {
  const { choices, messages } = state;
  const { [placeOf(messages, parentId)]: _, ...branches } = choices.branches;
  const way = messagesTo({ messages, reply: null, choices: { branches: {}, deleted: {} } }, parentId);
  const chosen = way
    .filter((turn) => siblingsOf(messages, turn).length > 1)
    .map(({ id, parentId: before }): [string, string] => [placeOf(messages, before), id]);
  const next = { ...branches, ...Object.fromEntries(chosen) };
  return isSame(next, choices.branches) ? state : withChoices(state, { branches: next }, at);
}

function isSame(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}

function startReply({ replyId, settings, at }: ReplyBegin, parentId: string): Reply {
  return {
    id: replyId,
    parentId,
    phase: { name: 'sending' },
    content: [],
    settings,
    model: settings.model,
    lastSeq: 0,
    isResumable: null,
    connection: 'open',
    startedAt: at,
    heardAt: at,
    thinkingSince: null,
    thinkingMs: null,
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

function applyEvent(state: ChatState, event: ReplyEvent, at: number): ChatState {
  const { reply } = state;
  if (!reply) return state;
  switch (event.type) {
    case 'reply-start':
      return withReply(state, { ...reply, isResumable: event.resumable, model: event.model });
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
    parentId: reply.parentId,
    role: 'assistant',
    content: reply.content,
    thinkingMs: thinkingTime(reply, at),
    model: reply.model,
    end,
    createdAt: timeOfNext(state, at),
  };
  return { ...state, messages: [...state.messages, message], reply: null };
}
