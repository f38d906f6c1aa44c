import { assertNever } from '@/lib/chat/assert-never';
import type { ChatState } from '@/lib/chat/chat-state';
import type { ChatDecision } from '@/lib/chat/decide';
import { knowsMore, restoreChat } from '@/lib/chat/stored-chat';
import { type ChatChannel, openChannel as openBroadcastChannel, type TabMessage } from './chat-channel';
import { type ChatRecorder, createChatRecorder } from './chat-recorder';
import { type ChatSession, type ChatSessionOptions, createChatSession } from './chat-session';
import type { ChatStore } from './chat-store';
import { newId as newRandomId } from './new-id';
import { type Schedule, scheduleTimeout } from './schedule';
import { createStopReply } from './stop-reply';
import { ANSWER_MS, createSuccession } from './succession';
import { unheard } from './unheard';
import { type AcquireLock, acquireLock as acquireWebLock, type LockMode } from './writer-lock';
import { createWriterSeat } from './writer-seat';

/**
 * A chat as one of its tabs knows it. One tab writes: it asks Claude, reads the reply and stores it. The others show the same
 * and become the writer when it leaves, or when their person wants to say something.
 */
export type SharedChat = {
  readonly id: string;
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => ChatState;
  /** As the session does. False where another tab is in the middle of a reply: then nothing happens. */
  readonly send: (...what: Parameters<ChatSession['send']>) => Promise<boolean>;
  readonly regenerate: (...what: Parameters<ChatSession['regenerate']>) => Promise<boolean>;
  readonly sendNext: () => Promise<boolean>;
  /** Decides, also while another tab is in the middle of a reply. False where that does not answer. */
  readonly decide: (decision: ChatDecision) => Promise<boolean>;
  /** Stops the running reply, whichever tab reads it. */
  readonly stop: () => void;
  /** Stores what is not stored yet. */
  readonly flush: () => Promise<void>;
  /** The conversation, where this tab writes it and not everything is stored; else null. */
  readonly unstored: ChatRecorder['unstored'];
  /**
   * Leaves the chat. A reply that runs is read on by another tab, or ends after its grace period. Settles when what can be
   * stored is; never rejects.
   */
  readonly close: () => Promise<void>;
};

export type SharedChatOptions = {
  readonly id: string;
  /** Not stored yet, and known to nobody else. */
  readonly isNew: boolean;
  /** What a new one begins with. */
  readonly beginning?: ChatState;
  readonly store: Pick<ChatStore, 'readChat' | 'writeChange'>;
  /** Called when the chat is there, or is known to be missing. */
  readonly onRead: (found: { readonly unreadable: number } | null) => void;
  /** Called when a reply that this tab has read has come to its end, and is stored if it can be. */
  readonly onAnswer?: (state: ChatState) => void;
  readonly session?: Omit<ChatSessionOptions, 'onAction'>;
  readonly openChannel?: (chatId: string) => ChatChannel;
  readonly acquireLock?: AcquireLock;
  readonly schedule?: Schedule;
};

export function openSharedChat(options: SharedChatOptions): SharedChat {
  const { id, isNew, store, onRead, openChannel = openBroadcastChannel } = options;
  const { acquireLock = acquireWebLock, schedule = scheduleTimeout } = options;
  const { now = Date.now, newId = newRandomId, stopReply = createStopReply() } = options.session ?? {};
  const channel = openChannel(id);
  const recorder = createChatRecorder({ chatId: id, store, schedule, now });
  const succession = createSuccession(newId(), channel.say, schedule);
  const seat = createWriterSeat(id, acquireLock, giveUpWriting);
  let isWriter = isNew;
  let isClosed = false;
  /** How many records could not be read when it was read last. */
  let unreadable = 0;
  /** Whether the state is what the writing tab has told, and not only what is stored. */
  let isMirror = false;
  /** When whoever writes began to, as far as it is known here, in milliseconds; always later than the one before. */
  let term = isNew ? now() : 0;
  let claiming: Promise<boolean> | null = null;
  /** What the tab that writes was asked to decide, and who waits for it. */
  const asked = new Map<string, Set<() => void>>();

  const session = createChatSession({
    ...options.session,
    mayGoOn: () => !succession.isPromised(),
    onAction: (action) => {
      channel.say({ type: 'action', term, action });
      recorder.record(session.getSnapshot());
      if (action.type !== 'events-received' || isRunning()) return;
      const answered = session.getSnapshot();
      void recorder.flush().then(() => options.onAnswer?.(answered));
    },
  });

  const isRunning = () => session.getSnapshot().reply !== null;
  const restore = (state: ChatState) => session.apply({ type: 'chat-restored', state });
  const tellState = () => channel.say({ type: 'state', term, state: session.getSnapshot() });

  /**
   * Gives whether there is something to show: what the writing tab has told, or what is stored. From the seat, nobody else
   * stores any more: where more is stored than was told, the telling is still on its way, and comes too late.
   */
  async function readStored(hasSeat: boolean): Promise<boolean> {
    const found = await store.readChat(id).catch(() => null);
    if (isClosed || isWriter) return isWriter;
    unreadable = found?.unreadable ?? 0;
    if (found) {
      const stored = restoreChat(found);
      recorder.record(stored, true);
      if (!isMirror || (hasSeat && knowsMore(stored, session.getSnapshot()))) {
        restore(stored);
        onRead(found);
      }
    }
    return found !== null || isMirror;
  }

  function write(): void {
    isWriter = true;
    // Whoever wrote may have told what it could not store any more.
    if (isMirror) recorder.record(session.getSnapshot());
    isMirror = false;
    term = Math.max(now(), term + 1);
    succession.endPromise();
    tellState();
    session.resume();
  }

  /** From the seat: goes on where the last writer was. A chat that does not exist has no writer, and keeps nobody waiting. */
  async function adopt(): Promise<boolean> {
    const isSame = seat.remember();
    const isThere = await readStored(true);
    if (!isSame()) return false;
    if (isThere) write();
    else {
      seat.release();
      onRead(null);
    }
    return isThere;
  }

  const takeOver = async (mode: LockMode) => (await seat.take(mode)) && (await adopt());

  function giveUpWriting(): void {
    isWriter = false;
    session.suspend();
    recorder.forget();
    // The new writer may have told its state before this tab knew that it is one.
    channel.say({ type: 'hello', term: succession.isPromised() ? 0 : term });
    succession.endPromise();
    void takeOver('wait');
  }

  async function open(): Promise<void> {
    if (isNew) {
      if (options.beginning) {
        restore(options.beginning);
        recorder.record(options.beginning);
      }
      await seat.take('try');
      return;
    }
    channel.say({ type: 'hello', term });
    if (await seat.take('try')) {
      await adopt();
      return;
    }
    const isSame = seat.remember();
    if (!(await readStored(false))) {
      // A chat that has just begun may be known to its writer only.
      await new Promise<void>((resolve) => schedule(resolve, ANSWER_MS));
      if (isSame() && !isMirror) onRead(null);
    }
    // Its person may have been faster.
    if (isSame()) void takeOver('wait');
  }

  /** Becomes the writer, unless the one that is has a reply to finish. */
  async function claim(): Promise<boolean> {
    if (isClosed) return false;
    if (isWriter) return !succession.isPromised();
    claiming ??= askAndTakeOver().finally(() => {
      claiming = null;
    });
    return claiming;
  }

  async function askAndTakeOver(): Promise<boolean> {
    if (isRunning() || !(await succession.ask()) || isClosed) return false;
    // Meanwhile this tab may have become the writer by itself, or another one may have begun a reply.
    if (isWriter || isRunning()) return isWriter;
    return takeOver('steal');
  }

  /** What was told in an earlier term comes too late. */
  function mirror(told: Extract<TabMessage, { state: ChatState }>): void {
    if (isWriter || told.term < term) return;
    isMirror = true;
    term = told.term;
    restore(told.state);
    onRead({ unreadable });
  }

  /** A tab that was frozen may have told and stored things when its term was over already. */
  function overrule(otherTerm: number): void {
    term = Math.max(term, otherTerm + 1);
    recorder.forget();
    recorder.record(session.getSnapshot());
  }

  function hear(message: TabMessage): void {
    switch (message.type) {
      case 'hello':
        if (!isWriter) break;
        if (message.term > 0) overrule(message.term);
        tellState();
        break;
      case 'state':
        mirror(message);
        break;
      case 'action':
        if (!isMirror || message.term !== term) break;
        session.apply(message.action);
        if (message.action.type === 'decided') {
          for (const resolve of asked.get(JSON.stringify(message.action.decision)) ?? []) resolve();
        }
        break;
      case 'please':
        if (isWriter && now() <= message.until) session.decide(message.decision);
        break;
      case 'may-i-write':
        if (isWriter) succession.hearQuestion(message.tab, { isBusy: isRunning(), term, state: session.getSnapshot() });
        break;
      case 'you-may-write':
        if (succession.hearAnswer(message.tab, true)) mirror(message);
        break;
      case 'you-may-not-write':
        succession.hearAnswer(message.tab, false);
        break;
      case 'stop':
        if (isWriter && session.getSnapshot().reply?.id === message.replyId) session.stop();
        break;
      default:
        assertNever(message);
    }
  }

  /**
   * The server is asked from here: a tab in the background may be slow. It still has to say how the reply ended, and one
   * that is frozen, or has just left, does not; then this one takes its place.
   */
  function stopElsewhere(replyId: string): void {
    const isToStop = () => {
      const { reply } = session.getSnapshot();
      return !isClosed && reply?.id === replyId && reply.connection !== 'stopping';
    };
    channel.say({ type: 'stop', replyId });
    unheard(stopReply(replyId, false));
    schedule(async () => {
      if (!isToStop()) return;
      if ((isWriter || (await takeOver('steal'))) && isToStop()) session.stop();
    }, ANSWER_MS);
  }

  /** While another tab reads a reply, it decides for this one. Gives whether it did. */
  function decideElsewhere(decision: ChatDecision): Promise<boolean> {
    const name = JSON.stringify(decision);
    return new Promise((resolve) => {
      const waiting = asked.get(name) ?? new Set();
      const isDecided = () => resolve(true);
      asked.set(name, waiting.add(isDecided));
      channel.say({ type: 'please', decision, until: now() + ANSWER_MS });
      // What was decided in the last moment has the time to be told.
      schedule(() => {
        waiting.delete(isDecided);
        if (waiting.size === 0) asked.delete(name);
        resolve(false);
      }, 2 * ANSWER_MS);
    });
  }

  channel.listen(hear);
  void open();

  return {
    id,
    subscribe: session.subscribe,
    getSnapshot: session.getSnapshot,
    send: async (...what) => {
      if (!(await claim()) || isRunning()) return false;
      session.send(...what);
      return true;
    },
    regenerate: async (...what) => {
      if (!(await claim()) || isRunning()) return false;
      session.regenerate(...what);
      return true;
    },
    sendNext: async () => {
      if (!(await claim()) || isRunning()) return false;
      session.sendNext();
      return true;
    },
    decide: async (decision) => {
      if (!isWriter && isRunning()) return decideElsewhere(decision);
      if (await claim()) {
        session.decide(decision);
        return true;
      }
      // In a chat that has just been opened it is only known by now that a reply runs.
      return !isClosed && !isWriter && isRunning() && decideElsewhere(decision);
    },
    stop: () => {
      const { reply } = session.getSnapshot();
      if (isClosed || !reply) return;
      if (isWriter) session.stop();
      else stopElsewhere(reply.id);
    },
    flush: recorder.flush,
    unstored: () => (isWriter ? recorder.unstored() : null),
    close: () => {
      session.suspend();
      isClosed = true;
      channel.close();
      // Whoever waits for the seat reads what is stored.
      const stored = recorder.flush();
      seat.leave(stored);
      return stored;
    },
  };
}
