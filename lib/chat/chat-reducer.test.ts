import { describe, expect, it } from 'vitest';
import { ChatError, type WireError } from '@/lib/protocol/chat-error';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { type ChatAction, reduceChat } from './chat-reducer';
import { type AssistantMessage, type ChatState, EMPTY_CHAT } from './chat-state';

const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };
const timing = { firstTokenMs: 5, totalMs: 6 };
const lost = new ChatError('connection_lost').toWire('');
const END: ReplyEvent = { type: 'reply-end', stopReason: 'end_turn', usage, timing };
const START: ReplyEvent = { type: 'reply-start', replyId: 'r', model: 'm', resumable: false, simulated: false };
const WAITING: ReplyEvent = { type: 'reply-waiting', reason: 'overloaded', retryInMs: 700 };
const text = (words: string): ReplyEvent => ({ type: 'text-delta', text: words });
const thinking = (words: string): ReplyEvent => ({ type: 'thinking-delta', text: words });

const sent = (replyId: string, at = 0, parentId: string | null = null): ChatAction => ({
  type: 'message-sent',
  message: { id: `question of ${replyId}`, parentId, role: 'user', text: 'Hi' },
  replyId,
  settings: {},
  at,
});
const again = (questionId: string, replyId: string, at = 0): ChatAction => ({
  type: 'answer-requested',
  questionId,
  replyId,
  settings: { model: 'another' },
  at,
});
const retried = (replyId: string, at = 0) => again('question of a', replyId, at);
const received = (at: number, ...events: readonly ReplyEvent[]): ChatAction => ({
  type: 'events-received',
  events,
  lastSeq: events.length,
  at,
});
const cut: ChatAction = { type: 'reply-lost', error: lost, at: 0 };
const stopped: ChatAction = { type: 'reply-stopped', at: 0 };

/** Makes every change of the value itself throw. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

const step = (state: ChatState, action: ChatAction) => deepFreeze(reduceChat(state, deepFreeze(action)));
const run = (...actions: readonly ChatAction[]) => actions.reduce(step, deepFreeze(EMPTY_CHAT));

/** The last message, which is a reply that is over. */
function lastReply({ messages }: ChatState): AssistantMessage {
  const last = messages.at(-1);
  return last?.role === 'assistant' ? last : expect.fail('the last message is no reply');
}

describe('the life of a reply', () => {
  it('goes from sending over waiting, thinking and streaming to a message', () => {
    const phases: unknown[] = [];
    let state = run();
    for (const action of [
      sent('a', 100),
      received(200, START),
      received(300, WAITING),
      received(1000, thinking('Hm')),
      received(1500, thinking('.')),
      received(3000, text('Yes')),
      received(3100, text('.'), END),
    ]) {
      state = step(state, action);
      phases.push(state.reply?.phase ?? 'over');
    }
    expect(phases).toEqual([
      { name: 'sending' },
      { name: 'sending' },
      { name: 'waiting', reason: 'overloaded', retryAt: 1000 },
      { name: 'thinking' },
      { name: 'thinking' },
      { name: 'streaming' },
      'over',
    ]);
    expect(lastReply(state)).toEqual({
      id: 'a',
      parentId: 'question of a',
      role: 'assistant',
      content: [
        { type: 'thinking', text: 'Hm.' },
        { type: 'text', text: 'Yes.' },
      ],
      thinkingMs: 2000,
      model: 'm',
      end: { status: 'complete', stopReason: 'end_turn', usage, timing },
      createdAt: 3100,
    });
  });

  it('adds nothing to the messages before its end, and then everything at once', () => {
    const running = run(sent('a'), received(0, text('Yes')), received(0, text('.')));
    expect(running.messages).toHaveLength(1);
    const over = step(running, received(0, END));
    expect(over.messages).toHaveLength(2);
    expect(over.reply).toBeNull();
  });

  it('has no thinking time when it never thought', () => {
    expect(lastReply(run(sent('a'), received(9, text('Yes'), END))).thinkingMs).toBeNull();
  });

  it('thought until its end when no text came', () => {
    expect(lastReply(run(sent('a'), received(10, thinking('Hm')), received(50, END))).thinkingMs).toBe(40);
  });

  it.each([cut, stopped])('is not that of waiting for a server that said nothing more (%#)', (end) => {
    const state = run(sent('a'), received(10, thinking('Hm')), received(50, thinking('.')), { ...end, at: 60_000 });
    expect(lastReply(state).thinkingMs).toBe(40);
  });

  it('counts only the first stretch of thinking, up to the first text', () => {
    const state = run(
      sent('a'),
      received(10, thinking('Hm')),
      received(30, text('Yes')),
      received(70, thinking('Or')),
      received(90, text(' no'), END),
    );
    expect(lastReply(state).thinkingMs).toBe(20);
  });

  it('that breaks is interrupted when something was shown, and failed when nothing was', () => {
    const error: ReplyEvent = { type: 'reply-error', error: new ChatError('stalled').toWire('request-1') };
    const broken: ChatAction[] = [cut, received(0, error)];
    for (const action of broken) {
      expect(lastReply(run(sent('a'), received(0, thinking('Hm')), action)).end.status).toBe('interrupted');
      expect(lastReply(run(sent('a'), received(0, START), action)).end.status).toBe('failed');
    }
    expect(lastReply(run(sent('a'), cut)).end).toEqual({ status: 'failed', error: lost, retryAt: null });
  });

  it('that was stopped keeps its text, whoever says so', () => {
    for (const action of [stopped, received(0, { type: 'reply-stopped', usage })]) {
      expect(lastReply(run(sent('a'), received(0, text('Yes')), action))).toMatchObject({
        content: [{ type: 'text', text: 'Yes' }],
        end: { status: 'stopped' },
      });
    }
  });
});

describe('a reply that runs', () => {
  const heardAt = (...actions: readonly ChatAction[]) => run(...actions).reply?.heardAt;

  it('was heard of when its newest event came, whatever it said, and at first when it was asked for', () => {
    expect(heardAt(sent('a', 100))).toBe(100);
    expect(heardAt(sent('a', 100), received(250, START))).toBe(250);
    expect(heardAt(sent('a', 100), received(250, START), received(300, WAITING))).toBe(300);
    expect(heardAt(sent('a', 100), received(250, text('Yes')), received(900, thinking('Hm')))).toBe(900);
    expect(heardAt(sent('a', 100), cut, retried('b', 700))).toBe(700);
  });

  it('is not heard of any more when it is over', () => {
    expect(run(sent('a'), received(5, text('Yes'), END)).reply).toBeNull();
    expect(step(EMPTY_CHAT, received(5))).toBe(EMPTY_CHAT);
  });
});

describe('the time of another try', () => {
  const refusal = (retryAfterSeconds?: number) => new ChatError('rate_limited', { retryAfterSeconds }).toWire('');
  const ends = (error: WireError): ChatAction[] => [
    received(1000, { type: 'reply-error', error }),
    { type: 'reply-lost', error, at: 1000 },
  ];

  it.each([
    [7, 8000],
    [0, 1000],
    [undefined, null],
  ])('is by the clock of the browser, %s seconds after the failure arrived: %s', (seconds, retryAt) => {
    for (const action of ends(refusal(seconds))) {
      expect(lastReply(run(sent('a'), action)).end).toMatchObject({ status: 'failed', retryAt });
      expect(lastReply(run(sent('a'), received(0, text('Y')), action)).end).toMatchObject({ retryAt });
    }
  });
});

describe('an action that comes too late or too early', () => {
  const over = run(sent('a'), received(0, text('Yes'), END));

  it.each([stopped, cut, received(0, text('more'), END, WAITING)])('changes nothing after the end: $type', (action) => {
    expect(step(over, action)).toBe(over);
  });

  it.each([sent('b'), retried('b')])('changes nothing while a reply runs: $type', (action) => {
    const running = run(sent('a'));
    expect(step(running, action)).toBe(running);
  });

  it('changes nothing where there is no such question', () => {
    expect(run(retried('a'))).toBe(EMPTY_CHAT);
    expect(step(over, again('a', 'b'))).toBe(over);
  });

  it('does not bring back words that came behind the end', () => {
    expect(lastReply(run(sent('a'), received(0, text('Yes'), END, text('more')))).content).toEqual([
      { type: 'text', text: 'Yes' },
    ]);
  });
});

describe('another answer', () => {
  it('stands beside those that were given before, and takes nothing from them', () => {
    const state = run(
      sent('a'),
      received(0, text('One')),
      cut,
      retried('b', 7),
      received(0, text('Two')),
      stopped,
      retried('c'),
    );
    expect(state.messages.map(({ id, parentId }) => [id, parentId])).toEqual([
      ['question of a', null],
      ['a', 'question of a'],
      ['b', 'question of a'],
    ]);
    expect(state.reply).toMatchObject({ id: 'c', parentId: 'question of a', phase: { name: 'sending' }, content: [] });
  });

  it('is shown, whichever was chosen before', () => {
    const before = run(sent('a'), cut, retried('b'), stopped, {
      type: 'decided',
      decision: { type: 'branch-chosen', id: 'a' },
      at: 1,
    });
    expect(before.choices.branches).toEqual({ 'question of a': 'a' });
    const after = step(before, retried('c', 20));
    expect(after.choices).toMatchObject({ branches: {}, decidedAt: 20 });
  });
});

describe('an answer to a question that is not shown', () => {
  it('is shown, and so is the way to it', () => {
    const state = run(sent('a'), stopped, sent('b'), stopped, again('question of a', 'c', 50));
    expect(state.reply?.parentId).toBe('question of a');
    expect(state.choices.branches).toEqual({ '': 'question of a' });
  });
});

describe('a chat', () => {
  it('keeps what it was begun with, until that is changed', () => {
    const first = { ...sent('a'), settings: { model: 'one', system: 'Be brief.' } } as ChatAction;
    const second = { ...sent('b', 0, 'a'), settings: { model: 'two' } } as ChatAction;
    const state = run(first, stopped, second);
    expect(state.choices.settings).toEqual({ model: 'one', system: 'Be brief.' });
    expect(state.reply?.settings).toEqual({ model: 'two' });
    const changed = step(state, {
      type: 'decided',
      decision: { type: 'settings-changed', settings: { model: 'three', system: undefined } },
      at: 1,
    });
    expect(changed.choices.settings).toEqual({ model: 'three', system: undefined });
  });
});

describe('a turn', () => {
  it('is later than the one before, also where the clock was set back', () => {
    const state = run(sent('a', 500), received(100, text('Yes'), END), sent('b', 500, 'a'), { ...stopped, at: 600 });
    expect(state.messages.map(({ createdAt }) => createdAt)).toEqual([500, 501, 502, 503]);
  });

  it('stands where it was asked, behind an answer or beside another question', () => {
    const state = run(sent('a'), stopped, sent('b', 0, 'a'), stopped, sent('c', 0, 'a'), stopped);
    expect(state.messages.map(({ id, parentId }) => [id, parentId])).toEqual([
      ['question of a', null],
      ['a', 'question of a'],
      ['question of b', 'a'],
      ['b', 'question of b'],
      ['question of c', 'a'],
      ['c', 'question of c'],
    ]);
  });
});

describe('a connection', () => {
  const connectionOf = (...actions: readonly ChatAction[]) => run(sent('a'), ...actions).reply?.connection;
  const gone: ChatAction = { type: 'connection-lost' };
  const back: ChatAction = { type: 'connection-restored', at: 70 };
  const stopping: ChatAction = { type: 'stop-requested' };

  it('is open, lost, and open again; that it is back is a sign of life', () => {
    expect([connectionOf(), connectionOf(gone), connectionOf(gone, back)]).toEqual(['open', 'lost', 'open']);
    expect(run(sent('a'), gone, back).reply?.heardAt).toBe(70);
  });

  it('of a reply that is being stopped is that, whatever becomes of it', () => {
    for (const later of [gone, back, stopping]) expect(connectionOf(stopping, later)).toBe('stopping');
    expect(connectionOf(gone, stopping)).toBe('stopping');
  });

  it('changes nothing where it is so already, and where nothing runs', () => {
    const running = run(sent('a'), gone);
    expect(step(running, gone)).toBe(running);
    for (const action of [gone, back, stopping]) expect(run(action)).toBe(EMPTY_CHAT);
  });
});

describe('what is known of a running reply', () => {
  it('is its model, the number of its newest event, and whether it can be asked for again', () => {
    const known = ({ reply }: ChatState) => [reply?.model, reply?.lastSeq, reply?.isResumable];
    expect(known(run(sent('a')))).toEqual([undefined, 0, null]);
    const received: ChatAction = { type: 'events-received', events: [START, text('Yes')], lastSeq: 3, at: 1 };
    expect(known(run(sent('a'), cut, retried('b')))).toEqual(['another', 0, null]);
    expect(known(run(sent('a'), cut, retried('b'), received))).toEqual(['m', 3, false]);
  });
});

describe('a state from elsewhere', () => {
  it('takes the place of what was there', () => {
    const state = run(sent('b'));
    expect(run(sent('a'), { type: 'chat-restored', state })).toBe(state);
  });
});
