import type { ChatState } from '@/lib/chat/chat-state';
import { ChatError } from '@/lib/protocol/chat-error';
import { isTerminal, type ReplyEvent } from '@/lib/protocol/reply-event';
import type { ChatChannel, TabMessage } from './chat-channel';
import type { ChatStore } from './chat-store';
import { Clock, settle } from './clock.fixture';
import type { FollowReply } from './follow-reply';
import { createMemoryStore } from './memory-chat-store';
import { openSharedChat, type SharedChat } from './shared-chat';
import type { AcquireLock } from './writer-lock';

export const CHAT_ID = 'the-chat';

type Task = () => void;
type Holder = { readonly tab: number; readonly lose: Task };

/** A tab that shows the chat. */
export type Tab = {
  readonly number: number;
  readonly chat: SharedChat;
  /** What `onRead` was called with. */
  readonly read: unknown[];
  /** What `onAnswer` was called with. */
  readonly answered: ChatState[];
};

/**
 * For the tests of this room: a browser with tabs that show one chat, and the server that they ask. What one tells another,
 * what happens to the lock, what the server says and what is due travel on their own ways, each in order; `run` lets them
 * arrive, in an order among them that can be chosen. A frozen tab does not take what arrives, a crashed one never will.
 */
export class Tabs {
  readonly clock = new Clock(1000);
  readonly store: ChatStore = createMemoryStore();
  /** How long the store takes to answer. */
  storeMs = 0;
  readonly #ways = new Map<string, { readonly to: number; readonly tasks: Task[] }>();
  readonly #frozen = new Set<number>();
  readonly #crashed = new Set<number>();
  readonly #lines = new Map<number, (message: TabMessage) => void>();
  #tabs = 0;
  #ids = 0;
  /** Later ones come sometimes before, sometimes behind the earlier ones. */
  readonly #newId = () => `${(++this.#ids * 7) % 10}-${this.#ids}`;
  #holder: Holder | null = null;
  #waiting: { readonly tab: number; readonly grant: Task }[] = [];
  readonly replies = new Map<string, ReplyEvent[]>();
  /** Who reads which reply. */
  readonly readers = new Set<{ readonly tab: number; readonly replyId: string; wake: Task }>();
  /** Which events each reader was given. */
  readonly given: { readonly tab: number; readonly replyId: string; readonly seqs: readonly number[] }[] = [];
  readonly stopped: string[] = [];

  open(isNew = false): Tab {
    this.#tabs += 1;
    const number = this.#tabs;
    const read: unknown[] = [];
    const answered: ChatState[] = [];
    const chat = openSharedChat({
      id: CHAT_ID,
      isNew,
      store: {
        readChat: (chatId) => this.#across(number, () => this.store.readChat(chatId)),
        writeChange: (change) => this.#across(number, () => this.store.writeChange(change)),
      },
      onRead: (found) => read.push(found),
      onAnswer: (state) => answered.push(state),
      session: {
        followReply: this.#followReply(number),
        stopReply: async (replyId) => {
          this.stopped.push(replyId);
          if (!this.replies.has(replyId)) return 'unknown';
          this.say(replyId, { type: 'reply-stopped' });
          return 'stopped';
        },
        scheduleFrame: (callback) => this.#schedule(number)(callback, 16),
        now: this.clock.now,
        newId: this.#newId,
      },
      openChannel: () => this.#openChannel(number),
      acquireLock: this.#acquireLock(number),
      schedule: this.#schedule(number),
    });
    return { number, chat, read, answered };
  }

  /** Lets arrive what is on its way, until nothing is. `choose` says which way comes next, of so many. */
  async run(choose: (ways: number) => number = () => 0): Promise<void> {
    await settle();
    for (let next = this.#next(choose); next; next = this.#next(choose)) {
      next();
      await settle();
    }
  }

  /** Lets time pass, and arrive what is due. */
  async pass(ms: number, choose?: (ways: number) => number): Promise<void> {
    await this.run(choose);
    const endMs = this.clock.now() + ms;
    while (this.clock.now() < endMs) {
      await this.clock.pass(Math.min(4, endMs - this.clock.now()));
      await this.run(choose);
    }
  }

  freeze({ number }: Tab): void {
    this.#frozen.add(number);
  }

  thaw({ number }: Tab): void {
    this.#frozen.delete(number);
  }

  /** Its lock is free and its connections are closed; what it has not stored is lost. */
  crash({ number }: Tab): void {
    this.#crashed.add(number);
    this.#lines.delete(number);
    this.#waiting = this.#waiting.filter(({ tab }) => tab !== number);
    for (const reader of this.readers) if (reader.tab === number) this.readers.delete(reader);
    if (this.#holder?.tab === number) this.#letGo(this.#holder);
  }

  /** The server says something in a reply; nothing more where that is over. */
  say(replyId: string, ...events: readonly ReplyEvent[]): void {
    const said = this.replies.get(replyId) ?? [];
    for (const event of events) if (!said.some(isTerminal)) said.push(event);
    this.replies.set(replyId, said);
    for (const { tab, wake } of this.readers) this.#send('server', tab, wake);
  }

  #next(choose: (ways: number) => number): Task | undefined {
    for (const [name, { to, tasks }] of this.#ways) {
      if (tasks.length === 0 || this.#crashed.has(to)) this.#ways.delete(name);
    }
    const open = [...this.#ways.values()].filter(({ to }) => !this.#frozen.has(to));
    return open[choose(open.length) % open.length]?.tasks.shift();
  }

  #send(from: string, to: number, task: Task): void {
    const name = `${from}>${to}`;
    const way = this.#ways.get(name) ?? { to, tasks: [] };
    way.tasks.push(task);
    this.#ways.set(name, way);
  }

  #schedule(tab: number) {
    return (callback: Task, delayMs: number) => {
      let isOff = false;
      const cancel = this.clock.schedule(() => this.#send('timers', tab, () => isOff || callback()), delayMs);
      return () => {
        isOff = true;
        cancel();
      };
    };
  }

  /** To the store and back. */
  async #across<Value>(tab: number, act: () => Promise<Value>): Promise<Value> {
    const done = act();
    await new Promise<void>((resolve) => {
      const arrive = () => this.#send('store', tab, resolve);
      if (this.storeMs === 0) arrive();
      else this.clock.schedule(arrive, this.storeMs);
    });
    return done;
  }

  #openChannel(own: number): ChatChannel {
    let isClosed = false;
    return {
      say: (message) => {
        if (isClosed) throw new Error('the channel is closed');
        if (this.#crashed.has(own)) return;
        const copy = structuredClone(message);
        for (const other of this.#lines.keys()) {
          if (other !== own) this.#send(`tab ${own}`, other, () => this.#lines.get(other)?.(copy));
        }
      },
      listen: (listener) => this.#lines.set(own, listener),
      close: () => {
        isClosed = true;
        this.#lines.delete(own);
      },
    };
  }

  /** As the Web Locks API: a request that is held, waits in order, or takes the lock away; and it takes its time. */
  #acquireLock(tab: number): AcquireLock {
    return (_chatId, { mode, signal, onLost }) =>
      new Promise((resolve) => {
        const holder: Holder = { tab, lose: () => this.#send('locks', tab, onLost) };
        const grant = () => {
          this.#holder = holder;
          signal.addEventListener('abort', () => this.#send('releases', 0, () => this.#letGo(holder)), { once: true });
          this.#send('locks', tab, () => {
            if (signal.aborted) this.#letGo(holder);
            resolve(!signal.aborted);
          });
        };
        this.#send('requests', 0, () => {
          if (this.#crashed.has(tab)) return;
          const isFree = this.#holder === null && this.#waiting.length === 0;
          const refuse = () => this.#send('locks', tab, () => resolve(false));
          if (mode === 'steal') {
            this.#holder?.lose();
            grant();
          } else if (isFree && !(mode === 'wait' && signal.aborted)) grant();
          else if (mode === 'try' || signal.aborted) refuse();
          else {
            const entry = { tab, grant };
            this.#waiting.push(entry);
            signal.addEventListener('abort', () => {
              if (!this.#waiting.includes(entry)) return;
              this.#waiting = this.#waiting.filter((other) => other !== entry);
              refuse();
            });
          }
        });
      });
  }

  #letGo(holder: Holder): void {
    if (this.#holder !== holder) return;
    this.#holder = null;
    this.#waiting.shift()?.grant();
  }

  #followReply(tab: number): FollowReply {
    const tabs = this;
    return async function* ({ replyId, request, lastSeq }, { signal }) {
      if (request && !tabs.replies.has(replyId)) tabs.replies.set(replyId, []);
      const said = tabs.replies.get(replyId);
      if (!said) throw new ChatError('reply_not_found');
      const reader = { tab, replyId, wake: () => {} };
      tabs.readers.add(reader);
      signal.addEventListener('abort', () => reader.wake());
      try {
        for (let seq = lastSeq; !signal.aborted; ) {
          const events = said.slice(seq);
          if (events.length > 0) {
            tabs.given.push({ tab, replyId, seqs: events.map((_, index) => seq + index + 1) });
            seq += events.length;
            yield { type: 'events', events, lastSeq: seq };
            if (events.some(isTerminal)) return;
          } else {
            await new Promise<void>((resolve) => {
              reader.wake = resolve;
            });
          }
        }
      } finally {
        tabs.readers.delete(reader);
      }
    };
  }
}
