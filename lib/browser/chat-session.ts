import { filesOf, type MessageFiles } from '@/lib/chat/attachment';
import { endOf, findMessage, messagesTo } from '@/lib/chat/branches';
import { type ChatAction, reduceChat } from '@/lib/chat/chat-reducer';
import type { ChatSettings } from '@/lib/chat/chat-settings';
import { type ChatState, EMPTY_CHAT, type Reply } from '@/lib/chat/chat-state';
import type { ChatDecision } from '@/lib/chat/decide';
import { toRequestMessages } from '@/lib/chat/request-messages';
import { requireFit } from '@/lib/chat/request-size';
import { type ErrorCode, toChatError } from '@/lib/protocol/chat-error';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import { createEventBuffer } from './event-buffer';
import { type FollowReply, followReply as followReplyOverHttp } from './follow-reply';
import { type ScheduleFrame, scheduleFrame as scheduleBrowserFrame } from './frame-scheduler';
import { newId as newRandomId } from './new-id';
import { type ReadFile, withFiles, withoutFiles } from './request-blocks';
import { createStopReply, type StopReply } from './stop-reply';
import { unheard } from './unheard';

export type ChatSessionOptions = {
  readonly followReply?: FollowReply;
  readonly stopReply?: StopReply;
  readonly scheduleFrame?: ScheduleFrame;
  /** Reads what goes along with a message; without it nothing does. */
  readonly readFile?: ReadFile;
  /** Milliseconds. */
  readonly now?: () => number;
  /** Url-safe, at least 128 random bits. */
  readonly newId?: () => string;
  /** Whether what waits may be sent by itself: not where another tab is about to write. */
  readonly mayGoOn?: () => boolean;
  /** Called with everything that this session itself made happen, after it happened. */
  readonly onAction?: (action: ChatAction) => void;
};

/** One conversation in one tab, for any view: `subscribe` and `getSnapshot` are what React's external stores expect. */
export type ChatSession = {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => ChatState;
  /**
   * Sends a message of the person, behind what is shown, or in the place of an earlier question, with the files of that.
   * Ignored while a reply runs, or where there is neither a file nor more than white space.
   */
  readonly send: (text: string, settings?: ChatSettings, more?: MessageFiles & { readonly insteadOf?: string }) => void;
  /** Sends the message that waits first. Ignored while a reply runs. */
  readonly sendNext: () => void;
  /** Asks for another answer to a question, from scratch. Ignored while a reply runs. */
  readonly regenerate: (questionId: string, settings?: ChatSettings) => void;
  /** Stops the running reply. It ends as stopped when the server has confirmed that; what was shown stays. */
  readonly stop: () => void;
  readonly decide: (decision: ChatDecision) => void;
  /** Lets something happen that happened elsewhere: in the store, or in another tab. */
  readonly apply: (action: ChatAction) => void;
  /** Goes on with a reply that runs: reads it from where it was read to, or ends the stop that was begun. */
  readonly resume: () => void;
  /** Reads no further, and stops nothing. */
  readonly suspend: () => void;
};

/** So long after it was asked for, a reply that nothing was heard of is not begun any more, for its person may be gone. */
const FRESH_MS = 30_000;

/** The server has not said what became of the reply. */
const OUT_OF_REACH: readonly ErrorCode[] = ['server_unreachable', 'connection_lost', 'unexpected_response'];

/** How long the end of a reply that was stopped is waited for. That it is over is known by then. */
const LAST_WORDS_MS = 5000;

/**
 * Creates a session. Events are applied at most once per frame, except that the first words of a reply and its end are
 * never held back.
 */
export function createChatSession({
  followReply = followReplyOverHttp,
  stopReply = createStopReply(),
  readFile = async () => null,
  scheduleFrame = scheduleBrowserFrame,
  now = Date.now,
  newId = newRandomId,
  mayGoOn = () => true,
  onAction = () => {},
}: ChatSessionOptions = {}): ChatSession {
  let state: ChatState = EMPTY_CHAT;
  let connection: AbortController | null = null;
  const listeners = new Set<() => void>();

  /** What happened is told before it is shown: a view may put an end to this session. */
  function apply(action: ChatAction, tell: (action: ChatAction) => void): void {
    const next = reduceChat(state, action);
    if (next === state) return;
    state = next;
    tell(action);
    for (const listener of listeners) listener();
  }

  const dispatch = (action: ChatAction) => apply(action, onAction);

  const buffer = createEventBuffer(scheduleFrame, (batch) => {
    dispatch({ type: 'events-received', ...batch, at: now() });
  });

  /** Reads a reply to its end, or as long as the signal lets it. Rejects where the end cannot be had. */
  async function read(reply: Reply, request: ChatRequest | null, signal: AbortSignal): Promise<void> {
    const { id: replyId, lastSeq, isResumable } = reply;
    const isLost = reply.connection === 'lost';
    try {
      for await (const news of followReply({ replyId, request, lastSeq, isResumable, isLost }, { signal })) {
        if (signal.aborted) return;
        if (news.type === 'events') buffer.add(news, state.reply?.content.length === 0);
        else if (news.type === 'connection-lost') dispatch({ type: 'connection-lost' });
        else dispatch({ type: 'connection-restored', at: now() });
      }
    } finally {
      if (!signal.aborted) buffer.flush();
    }
  }

  /**
   * Works on the running reply until that is over, or another one takes the connection. Gives whether it came to its end here;
   * the task gives how it ended otherwise.
   */
  async function work(reply: Reply, task: (signal: AbortSignal) => Promise<ChatAction>): Promise<boolean> {
    connection?.abort();
    const own = new AbortController();
    connection = own;
    const action = await task(own.signal);
    if (own.signal.aborted) return false;
    connection = null;
    if (state.reply?.id === reply.id) dispatch(action);
    return true;
  }

  /** What was written meanwhile stays where it is after a reply that broke: its reader may think again. */
  function goOnAfter({ id }: Reply): void {
    const last = findMessage(state.messages, id);
    if (last?.role === 'assistant' && last.end.status === 'complete' && mayGoOn()) sendNext();
  }

  const lost = (error: unknown, code: ErrorCode) => ({
    type: 'reply-lost' as const,
    error: toChatError(error, code).toWire(''),
    at: now(),
  });

  function follow(reply: Reply): void {
    const isFresh = reply.lastSeq === 0 && now() - reply.startedAt <= FRESH_MS;
    const working = work(reply, async (signal) => {
      try {
        const request = isFresh ? requestFor(reply) : null;
        // Where there is nothing to be read first, the request leaves at once.
        await read(reply, request instanceof Promise ? await request : request, signal);
        return lost('the reply did not end', 'connection_lost');
      } catch (error) {
        const loss = lost(error, 'unexpected_response');
        // It may still run, and nobody will read it: what is asked next has another name.
        if (!signal.aborted && OUT_OF_REACH.includes(loss.error.code)) {
          unheard(stopReply(reply.id, reply.lastSeq === 0));
        }
        return loss;
      }
    });
    void working.then((isOver) => isOver && goOnAfter(reply));
  }

  /** @throws {ChatError} `request_too_large` where its files are too many by now, whoever asks for it: nothing is sent then */
  function requestFor({ id: replyId, parentId, settings }: Reply): ChatRequest | Promise<ChatRequest> {
    const asked = messagesTo(state, parentId);
    requireFit(asked);
    const turns = toRequestMessages(asked);
    const whole = (messages: ChatRequest['messages']) => ({ replyId, messages, ...settings });
    const messages = withoutFiles(turns);
    return messages ? whole(messages) : withFiles(turns, readFile).then(whole);
  }

  /**
   * The connection is closed first: the stop needs not wait for a free one then, and no word comes after it. Nothing that
   * waits is sent then, also where the reply was complete in that moment: its person has said stop.
   */
  function finishStop(reply: Reply): void {
    void work(reply, async (signal) => {
      try {
        // Where a reply ends with its connection, nothing is left to be stopped.
        const isKnown = reply.isResumable !== false && (await stopReply(reply.id, reply.lastSeq === 0)) === 'stopped';
        // The end is still to be read, and it may be another one: a reply that was complete by then is complete.
        const soon = AbortSignal.any([signal, AbortSignal.timeout(LAST_WORDS_MS)]);
        if (isKnown && !signal.aborted) await read(reply, null, soon).catch(() => undefined);
        if (!signal.aborted) buffer.flush();
        return { type: 'reply-stopped', at: now() };
      } catch (error) {
        return lost(error, 'server_unreachable');
      }
    });
  }

  function suspend(): void {
    buffer.flush();
    connection?.abort();
    connection = null;
  }

  function begin(action: Extract<ChatAction, { replyId: string }>): void {
    dispatch(action);
    if (state.reply?.id === action.replyId) follow(state.reply);
  }

  function sendNext(): void {
    const [next] = state.choices.queue;
    if (state.reply || !next) return;
    const { id, text, settings } = next;
    const message = { id, parentId: endOf(state), role: 'user', text, ...filesOf(next) } as const;
    begin({ type: 'message-sent', message, replyId: newId(), settings, at: now() });
  }

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => state,
    sendNext,
    send: (text, settings = {}, { insteadOf, ...files } = {}) => {
      const earlier = insteadOf === undefined ? undefined : findMessage(state.messages, insteadOf);
      const sent = filesOf(earlier?.role === 'user' ? earlier : files);
      if (state.reply || (text.trim() === '' && !sent.attachments)) return;
      const parentId = earlier ? earlier.parentId : endOf(state);
      const message = { id: newId(), parentId, role: 'user', text, ...sent } as const;
      begin({ type: 'message-sent', message, replyId: newId(), settings, at: now() });
    },
    regenerate: (questionId, settings = {}) => {
      begin({ type: 'answer-requested', questionId, replyId: newId(), settings, at: now() });
    },
    stop: () => {
      // What stops it already is not to be broken off.
      if (state.reply?.connection === 'stopping') return;
      suspend();
      const { reply } = state;
      if (!reply) return;
      dispatch({ type: 'stop-requested' });
      finishStop(reply);
    },
    decide: (decision) => dispatch({ type: 'decided', decision, at: now() }),
    apply: (action) => apply(action, () => {}),
    resume: () => {
      const { reply } = state;
      if (!reply || connection) return;
      if (reply.connection === 'stopping') finishStop(reply);
      else follow(reply);
    },
    suspend,
  };
}
