import { type ChatAction, reduceChat } from '@/lib/chat/chat-reducer';
import { type ChatState, EMPTY_CHAT } from '@/lib/chat/chat-state';
import { toRequestMessages } from '@/lib/chat/request-messages';
import { ChatError, toChatError } from '@/lib/protocol/chat-error';
import { isTerminal, type ReplyEvent } from '@/lib/protocol/reply-event';
import { type ScheduleFrame, scheduleFrame as scheduleBrowserFrame } from './frame-scheduler';
import { newId as newRandomId } from './new-id';
import { type OpenReply, openReply as openReplyOverHttp } from './open-reply';

export type ChatSessionOptions = {
  readonly openReply?: OpenReply;
  readonly scheduleFrame?: ScheduleFrame;
  /** Milliseconds. */
  readonly now?: () => number;
  /** Url-safe, at least 128 random bits. */
  readonly newId?: () => string;
};

/** What a reply is asked for with; nothing chosen means the server's defaults. */
export type ReplyChoices = { readonly model?: string };

/** One conversation in one tab, for any view: `subscribe` and `getSnapshot` are what React's external stores expect. */
export type ChatSession = {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => ChatState;
  /** Sends a message of the person. Ignored while a reply runs, or where there is nothing but white space. */
  readonly send: (text: string, choices?: ReplyChoices) => void;
  /** Asks the last question again, from scratch. Ignored while a reply runs. */
  readonly retry: (choices?: ReplyChoices) => void;
  /** Ends the running reply and closes its connection, which stops Claude. What was shown stays. */
  readonly stop: () => void;
  /** Takes the last question and its reply out of the conversation and gives it back. Empty while a reply runs. */
  readonly takeBackQuestion: () => string;
  /** Begins anew, stopping a running reply. */
  readonly clear: () => void;
};

/**
 * Creates a session. Events are applied at most once per frame, except that the first words of a reply and its end are
 * never held back.
 */
export function createChatSession({
  openReply = openReplyOverHttp,
  scheduleFrame = scheduleBrowserFrame,
  now = Date.now,
  newId = newRandomId,
}: ChatSessionOptions = {}): ChatSession {
  let state: ChatState = EMPTY_CHAT;
  let connection: AbortController | null = null;
  let pending: ReplyEvent[] = [];
  let cancelFrame: (() => void) | null = null;
  const listeners = new Set<() => void>();

  function dispatch(action: ChatAction): void {
    const next = reduceChat(state, action);
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  }

  function applyPending(): void {
    cancelFrame?.();
    cancelFrame = null;
    const events = pending;
    pending = [];
    if (events.length > 0) dispatch({ type: 'events-received', events, at: now() });
  }

  function receive(events: readonly ReplyEvent[]): void {
    pending.push(...events);
    const isFirst = state.reply?.content.length === 0;
    if (isFirst || events.some(isTerminal)) applyPending();
    else cancelFrame ??= scheduleFrame(applyPending);
  }

  async function follow(replyId: string, choices: ReplyChoices): Promise<void> {
    const own = new AbortController();
    connection = own;
    try {
      const messages = toRequestMessages(state.messages);
      for await (const events of openReply({ replyId, messages, ...choices }, { signal: own.signal })) {
        if (own.signal.aborted) return;
        receive(events);
      }
      if (state.reply?.id === replyId) throw new ChatError('connection_lost', { cause: 'the reply did not end' });
    } catch (error) {
      if (own.signal.aborted) return;
      applyPending();
      dispatch({ type: 'connection-lost', error: toChatError(error, 'unexpected_response').toWire(''), at: now() });
    } finally {
      if (connection === own) connection = null;
    }
  }

  function disconnect(): void {
    applyPending();
    connection?.abort();
    connection = null;
  }

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => state,
    send: (text, choices = {}) => {
      if (state.reply || text.trim() === '') return;
      const replyId = newId();
      dispatch({ type: 'message-sent', message: { id: newId(), role: 'user', text }, replyId, at: now() });
      void follow(replyId, choices);
    },
    retry: (choices = {}) => {
      const replyId = newId();
      dispatch({ type: 'reply-retried', replyId, at: now() });
      if (state.reply?.id === replyId) void follow(replyId, choices);
    },
    stop: () => {
      disconnect();
      dispatch({ type: 'reply-stopped', at: now() });
    },
    takeBackQuestion: () => {
      const question = state.messages.at(-2);
      if (state.reply || question?.role !== 'user') return '';
      dispatch({ type: 'question-taken-back' });
      return question.text;
    },
    clear: () => {
      disconnect();
      dispatch({ type: 'chat-cleared' });
    },
  };
}
