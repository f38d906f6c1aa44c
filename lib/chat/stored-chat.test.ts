import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChatError } from '@/lib/protocol/chat-error';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { type ChatAction, reduceChat } from './chat-reducer';
import { type ChatChoices, type ChatState, EMPTY_CHAT, NO_CHOICES } from './chat-state';
import type { StoredMessage } from './history';
import { anySteps, takeStep } from './steps.fixture';
import { knowsMore, replyToStore, restoreChat, titleOfChat, turnsToStore, withUnstored } from './stored-chat';

const START: ReplyEvent = { type: 'reply-start', replyId: 'r', model: 'm', resumable: true, simulated: false };
const STOPPED: ReplyEvent = { type: 'reply-stopped' };
const text = (words: string): ReplyEvent => ({ type: 'text-delta', text: words });

const sent = (replyId: string, parentId: string | null = null): ChatAction => ({
  type: 'message-sent',
  message: { id: `q${replyId}`, parentId, role: 'user', text: `${replyId}?` },
  replyId,
  settings: {},
  at: 1,
});
const again = (questionId: string, replyId: string): ChatAction => ({
  type: 'answer-requested',
  questionId,
  replyId,
  settings: { model: 'another' },
  at: 2,
});
const heard = (...events: readonly ReplyEvent[]): ChatAction => ({
  type: 'events-received',
  events,
  lastSeq: events.length,
  at: 3,
});
const cut: ChatAction = { type: 'reply-lost', error: new ChatError('connection_lost').toWire(''), at: 4 };
const run = (...actions: readonly ChatAction[]) => actions.reduce(reduceChat, EMPTY_CHAT);

/** A store of one chat. */
type Stored = { readonly messages: Map<string, StoredMessage>; choices: ChatChoices };
const createStore = (): Stored => ({ messages: new Map(), choices: NO_CHOICES });

/** Stores a state: what is stored already is not stored again. */
function store(stored: Stored, state: ChatState): void {
  for (const turn of turnsToStore('a', state, (id) => stored.messages.has(id))) stored.messages.set(turn.id, turn);
  stored.choices = state.choices;
}

const restore = ({ messages, choices }: Stored, state: ChatState) =>
  restoreChat({
    chat: { id: 'a', title: '', hasOwnTitle: false, createdAt: 0, updatedAt: 0, choices },
    messages: [...messages.values()],
    reply: replyToStore('a', state),
  });

/** What is not stored of a running reply: where it is is seen by what it holds. */
const lasting = ({ messages, reply, choices }: ChatState) => ({
  messages,
  choices,
  reply: reply && { ...reply, phase: null, connection: reply.connection === 'stopping' },
});

describe('a conversation that is stored', () => {
  it('is the same when it is read again, whether each step was stored, or some, or only the end', () => {
    const property = fc.property(anySteps, fc.infiniteStream(fc.boolean()), (steps, isStored) => {
      const [each, some, once] = [createStore(), createStore(), createStore()];
      let state = EMPTY_CHAT;
      for (const step of steps) {
        state = takeStep(state, step);
        store(each, state);
        if (isStored.next().value) store(some, state);
        expect(lasting(restore(each, state))).toEqual(lasting(state));
      }
      for (const stored of [some, once]) {
        store(stored, state);
        expect(lasting(restore(stored, state))).toEqual(lasting(state));
      }
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('is open again where its connection was lost, and goes on to be stopped where that was begun', () => {
    const connectionAfter = (...rest: readonly ChatAction[]) => {
      const state = run(sent('a'), ...rest);
      const stored = createStore();
      store(stored, state);
      return restore(stored, state).reply?.connection;
    };
    expect(connectionAfter({ type: 'connection-lost' })).toBe('open');
    expect(connectionAfter({ type: 'stop-requested' })).toBe('stopping');
  });

  it.each([
    ['sending', []],
    ['sending', [START]],
    ['thinking', [{ type: 'thinking-delta', text: 'Hm' }]],
    ['streaming', [{ type: 'thinking-delta', text: 'Hm' }, text('Yes')]],
  ] as const)('is %s again by what it holds', (phase, events) => {
    const state = run(sent('a'), heard(...events));
    const stored = createStore();
    store(stored, state);
    expect(restore(stored, state).reply?.phase).toEqual({ name: phase });
  });

  it('runs no reply whose question is missing', () => {
    expect(restore(createStore(), run(sent('a'))).reply).toBeNull();
  });

  it('is over where a late checkpoint of a reply stands beside its end', () => {
    const running = run(sent('a'), heard(text('Yes')));
    const over = reduceChat(running, heard(text('!'), STOPPED));
    const stored = createStore();
    store(stored, over);
    store(stored, running);
    expect(restore(stored, running)).toEqual(over);
  });

  it('has nothing to store where it is empty, or everything is stored', () => {
    expect([turnsToStore('a', EMPTY_CHAT, () => false), replyToStore('a', EMPTY_CHAT)]).toEqual([[], null]);
    expect(turnsToStore('a', run(sent('a'), cut), () => true)).toEqual([]);
  });
});

describe('knowing more', () => {
  const first = run(sent('a'), heard(text('Yes'), STOPPED));

  it('is to know a turn or a reply that the other one does not', () => {
    const later = [reduceChat(first, sent('b', 'a')), reduceChat(first, again('qa', 'b'))];
    for (const state of later) expect([knowsMore(state, first), knowsMore(first, state)]).toEqual([true, false]);
    expect(knowsMore(first, run(sent('a')))).toBe(true);
  });

  it('is not to have come further in the same reply', () => {
    const [some, more] = [run(sent('a')), run(sent('a'), heard(text('Yes')))];
    expect([knowsMore(more, some), knowsMore(some, more), knowsMore(first, first)]).toEqual([false, false, false]);
  });

  it('is to know the end of a reply that still runs for the other one', () => {
    expect(knowsMore(first, run(sent('a'), heard(text('Yes'))))).toBe(true);
  });

  it('is to know what was decided later', () => {
    const settled = reduceChat(first, { type: 'decided', decision: { type: 'messages-deleted', ids: ['a'] }, at: 9 });
    expect([knowsMore(settled, first), knowsMore(first, settled)]).toEqual([true, false]);
  });
});

describe('the title of a chat that nobody gave one', () => {
  const asked = run(sent('a'), heard(text('Yes'), STOPPED), sent('b', 'a'), heard(text('No'), STOPPED));
  const decided = (state: ChatState, type: 'messages-deleted' | 'messages-restored', ...ids: readonly string[]) =>
    reduceChat(state, { type: 'decided', decision: { type, ids }, at: 9 });

  it('is the first words of what is left of it, and none where nothing is', () => {
    const one = decided(asked, 'messages-deleted', 'qa', 'a');
    const none = decided(one, 'messages-deleted', 'qb', 'b');
    expect([asked, one, none].map(titleOfChat)).toEqual(['a?', 'b?', '']);
    expect(titleOfChat(decided(none, 'messages-restored', 'qa', 'a'))).toBe('a?');
  });
});

describe('what is stored, with what is not yet', () => {
  const stateOf = (chats: ReturnType<typeof withUnstored>) => chats.map((each) => [each.chat.id, restoreChat(each)]);

  it('is every chat once, each as it is by now', () => {
    const before = run(sent('one'), heard(text('One'), STOPPED));
    const after = [sent('two', 'one'), heard(START, text('Two'))].reduce(reduceChat, before);
    const stored = withUnstored(
      [],
      [
        { chatId: 'a', state: before },
        { chatId: 'b', state: before },
      ],
      100,
    );
    const all = withUnstored(
      stored,
      [
        { chatId: 'a', state: after },
        { chatId: 'c', state: after },
      ],
      200,
    );
    expect(stateOf(all)).toEqual([
      ['a', after],
      ['c', after],
      ['b', before],
    ]);
    expect(all.map(({ chat }) => [chat.title, chat.createdAt])).toEqual([
      ['one?', 100],
      ['one?', 200],
      ['one?', 100],
    ]);
    expect(withUnstored(stored, [], 200)).toEqual(stored);
  });

  it('has a title of what is left of it, unless somebody gave it one', () => {
    const state = run(sent('one'), heard(text('One'), STOPPED));
    const gone = reduceChat(state, { type: 'decided', decision: { type: 'messages-deleted', ids: ['qone'] }, at: 9 });
    const titleWhere = (hasOwnTitle: boolean) => {
      const stored = withUnstored([], [{ chatId: 'a', state }], 1).map((each) => ({
        ...each,
        chat: { ...each.chat, hasOwnTitle },
      }));
      return withUnstored(stored, [{ chatId: 'a', state: gone }], 2).map(({ chat }) => chat.title);
    };
    expect([titleWhere(false), titleWhere(true)]).toEqual([[''], ['one?']]);
  });
});
