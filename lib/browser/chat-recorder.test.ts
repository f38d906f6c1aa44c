import { describe, expect, it } from 'vitest';
import { type ChatAction, reduceChat } from '@/lib/chat/chat-reducer';
import { EMPTY_CHAT } from '@/lib/chat/chat-state';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { createChatRecorder } from './chat-recorder';
import { type ChatChange, StoreError } from './chat-store';
import { Clock, settle } from './clock.fixture';

const text = (words: string): ReplyEvent => ({ type: 'text-delta', text: words });
const sent = (replyId: string, parentId: string | null = null): ChatAction => ({
  type: 'message-sent',
  message: { id: `q${replyId}`, parentId, role: 'user', text: `${replyId}?` },
  replyId,
  settings: {},
  at: 1000,
});
const again = (questionId: string, replyId: string): ChatAction => ({
  type: 'answer-requested',
  questionId,
  replyId,
  settings: {},
  at: 0,
});

/** A chat that is recorded, and a store that takes its time or fails where it is told to. */
function createWorld() {
  const clock = new Clock(1000);
  const changes: ChatChange[] = [];
  const failures: unknown[] = [];
  const slow = { until: Promise.resolve() };
  const writeChange = async (change: ChatChange) => {
    changes.push(change);
    await slow.until;
    if (failures.length > 0) throw failures.shift();
  };
  const recorder = createChatRecorder({ chatId: 'a', store: { writeChange }, ...clock });
  let state = EMPTY_CHAT;
  const take = (...actions: readonly ChatAction[]) => {
    for (const action of actions) {
      state = reduceChat(state, action);
      recorder.record(state);
    }
    return settle();
  };
  let seq = 0;
  const hear = (...events: readonly ReplyEvent[]) => {
    seq += events.length;
    return take({ type: 'events-received', events, lastSeq: seq, at: 0 });
  };
  const ids = () => changes.map(({ messages }) => messages.map(({ id }) => id));
  return { clock, changes, failures, slow, recorder, take, hear, ids, stateNow: () => state };
}

describe('a chat that is recorded', () => {
  it('has its turns stored at once, each once, and the running reply beside them', async () => {
    const { take, hear, changes, ids } = createWorld();
    await take(sent('one'));
    await hear(text('One.'), { type: 'reply-stopped' });
    await take(sent('two', 'one'));
    expect(ids()).toEqual([['qone'], ['one'], ['qtwo']]);
    expect(changes.map(({ isWhole, reply, title }) => [isWhole, reply?.id, title])).toEqual([
      [true, 'one', 'one?'],
      [false, undefined, 'one?'],
      [false, 'two', 'one?'],
    ]);
    expect(changes[0]).toMatchObject({ chatId: 'a', at: 1000, messages: [{ parentId: null, createdAt: 1000 }] });
  });

  it('has a growing reply stored at most every half second, as it is then', async () => {
    const { take, hear, changes, clock } = createWorld();
    await take(sent('one'));
    await hear(text('a'));
    await clock.pass(300);
    await hear(text('b'));
    await clock.pass(199);
    expect(changes).toHaveLength(1);
    await clock.pass(1);
    await clock.pass(5000);
    expect(changes.slice(1).map(({ reply, messages }) => [reply?.content, messages])).toEqual([
      [[{ type: 'text', text: 'ab' }], []],
    ]);
    await hear(text('c'));
    await clock.pass(500);
    expect(changes).toHaveLength(3);
  });

  it('has the wish to stop stored at once, for whoever finds it', async () => {
    const { take, hear, changes } = createWorld();
    await take(sent('one'));
    await hear(text('a'));
    await take({ type: 'stop-requested' });
    expect(changes.at(-1)?.reply).toMatchObject({ connection: 'stopping', content: [{ text: 'a' }] });
  });

  it('has everything stored again when something could not be', async () => {
    const { take, hear, ids, failures, recorder } = createWorld();
    await take(sent('one'));
    failures.push(new StoreError('unavailable'));
    await hear(text('One.'), { type: 'reply-stopped' });
    await recorder.flush();
    await take(sent('two', 'one'));
    expect(ids()).toEqual([['qone'], ['one'], ['qone', 'one'], ['qtwo']]);
  });

  it('has every attempt stored that was retried while the store was slow', async () => {
    const { take, hear, ids, slow } = createWorld();
    const { resolve, promise } = waiting();
    slow.until = promise;
    await take(sent('one'));
    await hear(text('One'), { type: 'reply-stopped' });
    await take(again('qone', 'two'));
    expect(ids()).toEqual([['qone']]);
    resolve();
    await settle();
    expect(ids()).toEqual([['qone'], ['one']]);
  });

  it('is not stored again where it is known to be', async () => {
    const { take, hear, stateNow, changes } = createWorld();
    await take(sent('one'));
    await hear(text('One'), { type: 'reply-stopped' });
    await take(again('qone', 'two'));
    await hear({ type: 'reply-stopped' });
    const next = createWorld();
    next.recorder.record(stateNow(), true);
    await next.recorder.flush();
    expect(next.changes).toEqual([]);
    next.recorder.record(reduceChat(stateNow(), sent('three', 'two')));
    await settle();
    expect(next.ids()).toEqual([['qthree']]);
    expect(changes).toHaveLength(4);
  });

  it('is stored no more where it is another tab that writes', async () => {
    const { take, hear, changes, recorder, clock, stateNow } = createWorld();
    await take(sent('one'));
    await hear(text('a'));
    recorder.forget();
    await recorder.flush();
    await clock.pass(1000);
    expect([changes.length, clock.size]).toEqual([1, 0]);
    recorder.record(stateNow());
    await settle();
    expect(changes[1]?.messages.map(({ id }) => id)).toEqual(['qone']);
  });

  it('is written by one write after another', async () => {
    const { take, hear, changes, slow, recorder } = createWorld();
    const { resolve, promise } = waiting();
    slow.until = promise;
    await take(sent('one'));
    await hear(text('a'));
    const flushed = recorder.flush();
    await settle();
    expect(changes).toHaveLength(1);
    resolve();
    await flushed;
    expect(changes).toHaveLength(2);
  });
});

function waiting() {
  let resolve = () => {};
  const promise = new Promise<void>((settled) => {
    resolve = settled;
  });
  return { resolve, promise };
}
