import { describe, expect, it, vi } from 'vitest';
import { type ChatAction, reduceChat } from '@/lib/chat/chat-reducer';
import { EMPTY_CHAT, type Reply } from '@/lib/chat/chat-state';
import { FIT_SENTENCES } from '@/lib/chat/request-size';
import { ChatError } from '@/lib/protocol/chat-error';
import { textOf } from '@/lib/protocol/content';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { type ChatSession, createChatSession } from './chat-session';
import { settle } from './clock.fixture';
import type { FollowedReply, FollowNews, FollowReply } from './follow-reply';

const START: ReplyEvent = { type: 'reply-start', replyId: 'r', model: 'm', resumable: false, simulated: false };
const END: ReplyEvent = {
  type: 'reply-end',
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 },
  timing: { firstTokenMs: 5, totalMs: 6 },
};
const RESUMABLE: ReplyEvent = { ...START, resumable: true };
const SENT: ChatAction = {
  type: 'message-sent',
  message: { id: 'q', parentId: null, role: 'user', text: 'Hi' },
  replyId: 'r',
  settings: {},
  at: 0,
};
const text = (words: string): ReplyEvent => ({ type: 'text-delta', text: words });

const questionIdIn = (session: ChatSession) =>
  session.getSnapshot().messages.findLast(({ role }) => role === 'user')?.id ?? expect.fail('no question');

/** The replies that a session follows, one after another, each with its own line to send events over. */
function createServer() {
  type Line = {
    readonly asked: FollowedReply;
    readonly signal: AbortSignal;
    readonly controller: ReadableStreamDefaultController<FollowNews>;
    lastSeq: number;
  };
  const lines: Line[] = [];
  const followReply: FollowReply = async function* (asked, { signal }) {
    yield* new ReadableStream<FollowNews>({
      start: (controller) => {
        lines.push({ asked, signal, controller, lastSeq: asked.lastSeq });
      },
    });
  };
  const last = () => lines.at(-1) ?? expect.fail('no reply was asked for');
  const tell = async (news: FollowNews) => {
    last().controller.enqueue(news);
    await settle();
  };
  return {
    followReply,
    lines,
    last,
    tell,
    push: async (...events: ReplyEvent[]) => {
      last().lastSeq += events.length;
      await tell({ type: 'events', events, lastSeq: last().lastSeq });
    },
    fail: async (error: unknown) => {
      last().controller.error(error);
      await settle();
    },
  };
}

/** Requests to stop a reply, which are answered by hand. */
function createStops() {
  const stops: string[] = [];
  const early: boolean[] = [];
  const answers = { resolve: (_: 'stopped' | 'unknown') => {}, reject: (_: unknown) => {} };
  return {
    stops,
    early,
    stopReply: (replyId: string, isEarly: boolean) => {
      stops.push(replyId);
      early.push(isEarly);
      return new Promise<'stopped' | 'unknown'>((resolve, reject) => Object.assign(answers, { resolve, reject }));
    },
    confirm: async (how: 'stopped' | 'unknown') => {
      answers.resolve(how);
      await settle();
    },
    refuse: async (error: unknown) => {
      answers.reject(error);
      await settle();
    },
  };
}

/** Frames that are drawn by hand. */
function createScreen() {
  const frames = new Set<() => void>();
  return {
    frames,
    scheduleFrame: (callback: () => void) => {
      frames.add(callback);
      return () => frames.delete(callback);
    },
    draw: () => {
      for (const frame of frames) {
        frames.delete(frame);
        frame();
      }
    },
  };
}

function createWorld() {
  const server = createServer();
  const stopping = createStops();
  const screen = createScreen();
  const clock = { nowMs: 0 };
  let ids = 0;
  const actions: ChatAction[] = [];
  const session = createChatSession({
    followReply: server.followReply,
    stopReply: stopping.stopReply,
    scheduleFrame: screen.scheduleFrame,
    readFile: async () => Object.assign(new Blob(), { text: async () => 'A file.' }),
    now: () => clock.nowMs,
    newId: () => `id-${++ids}`,
    onAction: (action) => actions.push(action),
  });
  const listener = vi.fn();
  session.subscribe(listener);
  const shown = () => textOf(session.getSnapshot().reply?.content ?? []);
  const lastReply = () => {
    const last = session.getSnapshot().messages.at(-1);
    return last?.role === 'assistant' ? last : expect.fail('the last message is no reply');
  };
  return { ...server, ...stopping, clock, actions, screen, session, listener, shown, lastReply };
}

describe('sending a message', () => {
  it('shows it at once and asks for a reply to it', () => {
    const { session, lines } = createWorld();
    session.send('Hi', { model: 'a-model' });
    expect(session.getSnapshot()).toMatchObject({
      messages: [{ role: 'user', text: 'Hi' }],
      reply: { phase: { name: 'sending' } },
    });
    expect(lines.map(({ asked }) => asked.request)).toEqual([
      {
        replyId: session.getSnapshot().reply?.id,
        messages: [{ role: 'user', content: 'Hi' }],
        model: 'a-model',
      },
    ]);
  });

  it('is ignored while a reply runs, and where there is only white space', () => {
    const { session, lines, listener } = createWorld();
    session.send(' \n');
    expect(lines).toHaveLength(0);
    session.send('Hi');
    session.send('And?');
    expect(session.getSnapshot().messages).toHaveLength(1);
    expect(lines).toHaveLength(1);
    expect(listener).toHaveBeenCalledOnce();
  });

  it('sends the earlier turns along', async () => {
    const { session, push, last } = createWorld();
    session.send('One?');
    await push(START, text('One.'), END);
    session.send('Two?');
    expect(last().asked.request?.messages).toEqual([
      { role: 'user', content: 'One?' },
      { role: 'assistant', content: 'One.' },
      { role: 'user', content: 'Two?' },
    ]);
  });
});

describe('the events of a reply', () => {
  it('are shown without waiting for a frame when they are the first', async () => {
    const { session, push, shown, screen } = createWorld();
    session.send('Hi');
    await push(START);
    await push(text('He'));
    expect(shown()).toBe('He');
    expect(screen.frames.size).toBe(0);
  });

  it('are shown once per frame however many arrive', async () => {
    const { session, push, shown, screen, listener } = createWorld();
    session.send('Hi');
    await push(START, text('a'));
    listener.mockClear();
    await push(text('b'));
    await push(text('c'), text('d'));
    await push(text('e'));
    expect(shown()).toBe('a');
    expect(screen.frames.size).toBe(1);
    screen.draw();
    expect(shown()).toBe('abcde');
    expect(listener).toHaveBeenCalledOnce();
    await push(text('f'));
    screen.draw();
    expect(shown()).toBe('abcdef');
  });

  it('are shown at once when they hold its end, together with what was waiting', async () => {
    const { session, push, lastReply, screen } = createWorld();
    session.send('Hi');
    await push(START, text('a'));
    await push(text('b'));
    await push(text('c'), END);
    expect(lastReply()).toMatchObject({ content: [{ text: 'abc' }], end: { status: 'complete' } });
    expect(screen.frames.size).toBe(0);
  });
});

describe('stopping', () => {
  it('says whether the reply may still be on its way', async () => {
    const { session, push, early, confirm } = createWorld();
    session.send('One?');
    session.stop();
    await confirm('unknown');
    session.send('Two?');
    await push({ ...START, resumable: true });
    session.stop();
    expect(early).toEqual([true, false]);
  });

  it('closes the connection before it asks to stop, and is not over before that is confirmed', async () => {
    const { session, push, last, lastReply, screen, stops, confirm, lines } = createWorld();
    session.send('Hi');
    await push(RESUMABLE, text('a'));
    await push(text('b'));
    const { signal } = last();
    const reply = session.getSnapshot().reply;
    session.stop();
    expect([signal.aborted, stops, screen.frames.size]).toEqual([true, [reply?.id], 0]);
    await settle();
    expect(session.getSnapshot().reply).toMatchObject({ connection: 'stopping', content: [{ text: 'ab' }] });
    await confirm('stopped');
    expect(session.getSnapshot().reply?.connection).toBe('stopping');
    expect(lines.map(({ asked }) => [asked.request === null, asked.lastSeq])).toEqual([
      [false, 0],
      [true, 3],
    ]);
    await push({ type: 'reply-stopped' });
    expect(lastReply()).toMatchObject({ content: [{ text: 'ab' }], end: { status: 'stopped' } });
  });

  it('shows what was said before the stop, and a reply that was complete by then is complete', async () => {
    const { session, push, lastReply, confirm } = createWorld();
    session.send('Hi');
    await push(RESUMABLE, text('a'));
    session.stop();
    await confirm('stopped');
    await push(text('b'), END);
    expect(lastReply()).toMatchObject({ content: [{ text: 'ab' }], end: { status: 'complete' } });
  });

  it('is over when it is confirmed, also where the end cannot be read any more', async () => {
    const { session, push, fail, lastReply, confirm } = createWorld();
    session.send('Hi');
    await push(RESUMABLE, text('a'));
    session.stop();
    await confirm('stopped');
    await fail(new ChatError('reply_not_found'));
    expect(lastReply()).toMatchObject({ content: [{ text: 'a' }], end: { status: 'stopped' } });
  });

  it('that nobody confirms leaves a reply that is interrupted: it may still run', async () => {
    const { session, push, lastReply, refuse } = createWorld();
    session.send('Hi');
    await push(RESUMABLE, text('a'));
    session.stop();
    await refuse(new ChatError('server_unreachable'));
    expect(lastReply().end).toMatchObject({ status: 'interrupted', error: { code: 'server_unreachable' } });
  });

  it('asks nobody where a reply ends with its connection', async () => {
    const { session, push, lastReply, stops, lines } = createWorld();
    session.send('Hi');
    await push(START, text('a'));
    session.stop();
    await settle();
    expect([stops, lines.length]).toEqual([[], 1]);
    expect(lastReply()).toMatchObject({ content: [{ text: 'a' }], end: { status: 'stopped' } });
  });

  it('is done where the server knows no such reply: one that is on its way will not be begun', async () => {
    const { session, lastReply, confirm, lines } = createWorld();
    session.send('Hi');
    session.stop();
    await confirm('unknown');
    expect([lastReply().end, lines.length]).toEqual([{ status: 'stopped' }, 1]);
  });

  it('is not broken off by stopping again', async () => {
    const { session, push, lastReply, stops, confirm } = createWorld();
    session.send('Hi');
    await push(RESUMABLE, text('a'));
    session.stop();
    session.stop();
    expect(stops).toHaveLength(1);
    await confirm('stopped');
    session.stop();
    await push({ type: 'reply-stopped' });
    expect(lastReply().end.status).toBe('stopped');
  });

  it('is final: what arrives later is not shown, not even in the next reply', async () => {
    const { session, push, lines, confirm, shown } = createWorld();
    session.send('One?');
    session.stop();
    await confirm('unknown');
    session.send('Two?');
    const stopped = lines[0] ?? expect.fail('nothing was asked');
    stopped.controller.enqueue({ type: 'events', events: [START, text('late'), END], lastSeq: 3 });
    await settle();
    expect(shown()).toBe('');
    await push(START, text('two'));
    expect(shown()).toBe('two');
  });

  it('does nothing where nothing runs', () => {
    const { session, listener, stops } = createWorld();
    session.stop();
    expect(listener).not.toHaveBeenCalled();
    expect(stops).toEqual([]);
  });
});

describe('a reply that was begun before', () => {
  const reply = (fields: Partial<Reply>): Reply => ({
    ...(reduceChat(EMPTY_CHAT, SENT).reply ?? expect.fail('nothing was sent')),
    ...fields,
  });
  const resumed = (fields: Partial<Reply>, nowMs = 0) => {
    const world = createWorld();
    const state = { ...reduceChat(EMPTY_CHAT, SENT), reply: reply(fields) };
    world.clock.nowMs = nowMs;
    world.session.apply({ type: 'chat-restored', state });
    world.session.resume();
    return world;
  };

  it('is asked for again as it was, where nothing was heard of it and it is fresh', () => {
    const { asked } = resumed({ settings: { model: 'a-model' } }, 30_000).last();
    const request = { replyId: 'r', messages: [{ role: 'user', content: 'Hi' }], model: 'a-model' };
    expect(asked).toEqual({ replyId: 'r', request, lastSeq: 0, isResumable: null, isLost: false });
  });

  it('is only looked for where it is stale, or something was heard of it', () => {
    expect(resumed({}, 30_001).last().asked).toMatchObject({ request: null, lastSeq: 0 });
    const heard = resumed({ lastSeq: 7, isResumable: true, connection: 'lost' }).last().asked;
    expect(heard).toEqual({ replyId: 'r', request: null, lastSeq: 7, isResumable: true, isLost: true });
  });

  it('is stopped to its end where that was begun', async () => {
    const { stops, confirm, push, lastReply, last } = resumed({ connection: 'stopping', lastSeq: 7 });
    expect(stops).toEqual(['r']);
    await confirm('stopped');
    expect(last().asked.lastSeq).toBe(7);
    await push({ type: 'reply-stopped' });
    expect(lastReply().end.status).toBe('stopped');
  });

  it('is followed once, however often that is asked for, and not where there is none', () => {
    const { session, lines } = resumed({ lastSeq: 7 });
    session.resume();
    expect(lines).toHaveLength(1);
    const empty = createWorld();
    empty.session.resume();
    expect(empty.lines).toHaveLength(0);
  });

  it('says nothing more when it is suspended, shows what had arrived, and goes on from there', async () => {
    const { session, push, shown, actions, last, lines, stops } = resumed({ lastSeq: 7 });
    await push(text('a'));
    await push(text('b'));
    const { signal } = last();
    session.suspend();
    expect([signal.aborted, shown()]).toEqual([true, 'ab']);
    const said = actions.length;
    await push(text('c'), END);
    expect([actions.length, shown(), stops]).toEqual([said, 'ab', []]);
    session.resume();
    expect([lines.length, last().asked.lastSeq]).toEqual([2, 9]);
  });
});

describe('an action', () => {
  it('is told where the session itself made it happen, after it happened', async () => {
    const world = createWorld();
    world.session.send('Hi');
    await world.push(START, text('a'));
    await world.tell({ type: 'connection-lost' });
    world.clock.nowMs = 5;
    await world.tell({ type: 'connection-restored' });
    await world.push(END);
    const types = world.actions.map(({ type }) => type);
    expect(types).toEqual([
      'message-sent',
      'events-received',
      'connection-lost',
      'connection-restored',
      'events-received',
    ]);
    expect(world.actions.reduce(reduceChat, EMPTY_CHAT)).toEqual(world.session.getSnapshot());
  });

  it('is not told where it came from elsewhere, or changed nothing', () => {
    const { session, actions, listener } = createWorld();
    session.apply(SENT);
    session.apply({ type: 'connection-lost' });
    session.send('And?');
    session.regenerate(questionIdIn(session));
    expect(actions).toEqual([]);
    expect(session.getSnapshot().reply?.connection).toBe('lost');
    expect(listener).toHaveBeenCalledTimes(2);
  });
});

describe('a connection that breaks', () => {
  it('leaves the text that had arrived, and the reason', async () => {
    const { session, push, fail, lastReply } = createWorld();
    session.send('Hi');
    await push(START, text('a'));
    await push(text('b'));
    await fail(new ChatError('connection_lost'));
    expect(lastReply()).toMatchObject({
      content: [{ text: 'ab' }],
      end: { status: 'interrupted', error: { code: 'connection_lost', retryable: true } },
    });
  });

  it('is a failure when nothing had arrived, whatever was thrown', async () => {
    const { session, fail, lastReply } = createWorld();
    session.send('Hi');
    await fail(new TypeError('a bug'));
    expect(lastReply().end).toMatchObject({ status: 'failed', error: { code: 'unexpected_response' } });
  });

  it('ends the reply also when it closes without a word', async () => {
    const { session, last, lastReply } = createWorld();
    session.send('Hi');
    last().controller.close();
    await settle();
    expect(session.getSnapshot().reply).toBeNull();
    expect(lastReply().end.status).toBe('failed');
  });
});

describe('another answer', () => {
  it('is asked for with the same question, under a new id, and keeps what was shown', async () => {
    const { session, push, lines } = createWorld();
    session.send('Hi');
    await push(START, text('a'));
    session.stop();
    await settle();
    session.regenerate(questionIdIn(session), { model: 'another' });
    const [first, second] = lines.map(({ asked }) => asked.request);
    expect(second).toEqual({ ...first, replyId: session.getSnapshot().reply?.id, model: 'another' });
    expect(second?.replyId).not.toBe(first?.replyId);
    expect(session.getSnapshot().messages).toMatchObject([
      {},
      { content: [{ text: 'a' }], end: { status: 'stopped' } },
    ]);
  });

  it('is ignored while a reply runs and where there is none', () => {
    const { session, lines } = createWorld();
    session.regenerate('no question');
    expect(lines).toHaveLength(0);
    session.send('Hi');
    session.regenerate(questionIdIn(session));
    expect(lines).toHaveLength(1);
  });
});

describe('a question whose files do not fit beside the earlier ones', () => {
  const withFile = (id: string, sentBytes: number) => ({
    attachments: [{ id, kind: 'text', name: `${id}.txt`, mediaType: 'text/plain', bytes: 1, sentBytes }] as const,
  });

  it('is not sent again when what made room for it was deleted, and it is said why', async () => {
    const { session, lines, push, lastReply } = createWorld();
    session.send('One', {}, withFile('one', 2_500_000));
    await settle();
    await push(START, text('One.'), END);
    session.send('Two', {}, { leavesFiles: true });
    await push(START, text('Two.'), END);
    const roomId = questionIdIn(session);
    session.send('Three', {}, withFile('three', 2_000_000));
    await settle();
    await push(START, text('Three.'), END);
    session.decide({ type: 'messages-deleted', ids: [roomId] });
    session.regenerate(questionIdIn(session));
    await settle();
    expect(lines).toHaveLength(3);
    expect(lastReply().end).toMatchObject({
      status: 'failed',
      error: { code: 'request_too_large', message: expect.stringContaining(FIT_SENTENCES['without-earlier']) },
    });
  });

  it('is not followed by another one when a long answer came between', async () => {
    const { session, lines, push, lastReply } = createWorld();
    session.send('One', {}, withFile('one', 3_800_000));
    await settle();
    await push(START, text('x'.repeat(200_000)), END);
    session.send('Continue');
    await settle();
    expect(lines).toHaveLength(1);
    expect(lastReply().end).toMatchObject({ status: 'failed', error: { code: 'request_too_large' } });
  });
});

describe('another wording of a question', () => {
  it('is asked in its place, without what came after the first one, which stays', async () => {
    const { session, push, last } = createWorld();
    session.send('One?');
    await push(START, text('One.'), END);
    session.send('Two?');
    await push(START, text('Two.'), END);
    const before = session.getSnapshot().messages;
    session.send('Second?', {}, { insteadOf: before[2]?.id ?? '' });
    expect(last().asked.request?.messages.map(({ content }) => content)).toEqual(['One?', 'One.', 'Second?']);
    await push(START, text('Second.'), END);
    session.send('And?');
    expect(last().asked.request?.messages.map(({ content }) => content)).toEqual([
      'One?',
      'One.',
      'Second?',
      'Second.',
      'And?',
    ]);
    expect(session.getSnapshot().messages.slice(0, 4)).toEqual(before);
  });
});

describe('a decision', () => {
  it('changes what is sent next', async () => {
    const { session, push, last } = createWorld();
    session.send('One?');
    await push(START, text('One.'), END);
    session.decide({ type: 'messages-deleted', ids: session.getSnapshot().messages.map(({ id }) => id) });
    session.send('Two?', { system: 'Be brief.', thinking: false, effort: 'low' });
    expect(last().asked.request).toMatchObject({
      messages: [{ role: 'user', content: 'Two?' }],
      system: 'Be brief.',
      thinking: false,
      effort: 'low',
    });
  });
});

describe('a message that waits', () => {
  const queue = (session: ChatSession, ...texts: readonly string[]) => {
    for (const id of texts)
      session.decide({ type: 'message-queued', message: { id, text: id, settings: { effort: 'low' } } });
  };

  it('is sent when the reply is complete, the next one after it, each with its settings', async () => {
    const { session, push, last, lines } = createWorld();
    session.send('One?');
    queue(session, 'Two?', 'Three?');
    await push(START, text('One.'), END);
    last().controller.close();
    await settle();
    expect(last().asked.request).toMatchObject({
      messages: [{ content: 'One?' }, { content: 'One.' }, { content: 'Two?' }],
      effort: 'low',
    });
    await push(START, text('Two.'), END);
    last().controller.close();
    await settle();
    expect(last().asked.request?.messages.at(-1)?.content).toBe('Three?');
    expect([lines.length, session.getSnapshot().choices.queue]).toEqual([3, []]);
  });

  it('goes on waiting after a reply that was stopped or broke, until it is wanted', async () => {
    const { session, fail, confirm, lines } = createWorld();
    session.send('One?');
    queue(session, 'Two?');
    await fail(new ChatError('stalled'));
    expect([lines.length, session.getSnapshot().choices.queue.length]).toEqual([1, 1]);
    session.regenerate(questionIdIn(session));
    session.stop();
    await confirm('unknown');
    expect([lines.length, session.getSnapshot().reply]).toEqual([2, null]);
    session.sendNext();
    expect([lines.length, session.getSnapshot().choices.queue.length]).toEqual([3, 0]);
  });

  it('goes on waiting after Stop, also where the reply was complete in that moment', async () => {
    const { session, push, confirm, lastReply, lines, last } = createWorld();
    session.send('One?');
    queue(session, 'Two?');
    await push(RESUMABLE, text('One.'));
    session.stop();
    await confirm('stopped');
    await push(END);
    last().controller.close();
    await settle();
    expect([lastReply().end.status, lines.length]).toEqual(['complete', 2]);
    expect(session.getSnapshot().choices.queue).toHaveLength(1);
  });

  it('is sent once, whoever says so twice', async () => {
    const { session, push, lines } = createWorld();
    session.sendNext();
    queue(session, 'Two?', 'Two?');
    expect(session.getSnapshot().choices.queue).toHaveLength(1);
    session.sendNext();
    session.sendNext();
    await push(START, END);
    queue(session, 'Two?');
    session.sendNext();
    expect([lines.length, session.getSnapshot().choices.queue]).toEqual([1, []]);
  });
});

describe('a listener', () => {
  it('is not called when nothing changed, and the snapshot stays the same', () => {
    const { session, listener } = createWorld();
    session.send('Hi');
    listener.mockClear();
    const before = session.getSnapshot();
    session.send('And?');
    session.regenerate(questionIdIn(session));
    expect(listener).not.toHaveBeenCalled();
    expect(session.getSnapshot()).toBe(before);
  });

  it('is not called after it left', () => {
    const { session } = createWorld();
    const listener = vi.fn();
    session.subscribe(listener)();
    session.send('Hi');
    expect(listener).not.toHaveBeenCalled();
  });
});
