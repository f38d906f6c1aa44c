import { describe, expect, it, vi } from 'vitest';
import { ChatError } from '@/lib/protocol/chat-error';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import { textOf } from '@/lib/protocol/content';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { createChatSession } from './chat-session';
import type { OpenReply } from './open-reply';

const START: ReplyEvent = { type: 'reply-start', replyId: 'r', model: 'm', resumable: false, simulated: false };
const END: ReplyEvent = {
  type: 'reply-end',
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 },
  timing: { firstTokenMs: 5, totalMs: 6 },
};
const text = (words: string): ReplyEvent => ({ type: 'text-delta', text: words });

/** Lets everything happen that waits for nothing but its turn. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** The replies that a session asks for, one after another, each with its own line to send events over. */
function createServer() {
  type Line = { request: ChatRequest; signal: AbortSignal; controller: ReadableStreamDefaultController<ReplyEvent[]> };
  const lines: Line[] = [];
  const openReply: OpenReply = async function* (request, { signal }) {
    yield* new ReadableStream<ReplyEvent[]>({
      start: (controller) => {
        lines.push({ request, signal, controller });
      },
    });
  };
  const last = () => lines.at(-1) ?? expect.fail('no reply was asked for');
  return {
    openReply,
    lines,
    last,
    push: async (...events: ReplyEvent[]) => {
      last().controller.enqueue(events);
      await settle();
    },
    fail: async (error: unknown) => {
      last().controller.error(error);
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
  const screen = createScreen();
  let ids = 0;
  let clockMs = 0;
  const session = createChatSession({
    openReply: server.openReply,
    scheduleFrame: screen.scheduleFrame,
    now: () => clockMs++,
    newId: () => `id-${++ids}`,
  });
  const listener = vi.fn();
  session.subscribe(listener);
  const shown = () => textOf(session.getSnapshot().reply?.content ?? []);
  const lastReply = () => {
    const last = session.getSnapshot().messages.at(-1);
    return last?.role === 'assistant' ? last : expect.fail('the last message is no reply');
  };
  return { ...server, screen, session, listener, shown, lastReply };
}

describe('sending a message', () => {
  it('shows it at once and asks for a reply to it', () => {
    const { session, lines } = createWorld();
    session.send('Hi', { model: 'a-model' });
    expect(session.getSnapshot()).toMatchObject({
      messages: [{ role: 'user', text: 'Hi' }],
      reply: { phase: { name: 'sending' } },
    });
    expect(lines.map(({ request }) => request)).toEqual([
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
    expect(last().request.messages).toEqual([
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
  it('closes the connection and keeps the text that was waiting for its frame', async () => {
    const { session, push, last, lastReply, screen } = createWorld();
    session.send('Hi');
    await push(START, text('a'));
    await push(text('b'));
    session.stop();
    expect(last().signal.aborted).toBe(true);
    expect(session.getSnapshot().reply).toBeNull();
    expect(lastReply()).toMatchObject({ content: [{ text: 'ab' }], end: { status: 'stopped' } });
    expect(screen.frames.size).toBe(0);
  });

  it('is final: what arrives later is not shown, not even in the next reply', async () => {
    const { session, lines, lastReply, shown } = createWorld();
    session.send('One?');
    session.stop();
    session.send('Two?');
    const stopped = lines[0] ?? expect.fail('nothing was asked');
    stopped.controller.enqueue([START, text('late'), END]);
    await settle();
    expect(shown()).toBe('');
    expect(session.getSnapshot().reply).not.toBeNull();
    session.stop();
    expect(lastReply().content).toEqual([]);
  });

  it('says nothing of the connection that breaks because of it', async () => {
    const { session, push, fail, lastReply } = createWorld();
    session.send('Hi');
    await push(START, text('a'));
    session.stop();
    await fail(new ChatError('connection_lost'));
    expect(lastReply().end).toEqual({ status: 'stopped' });
  });

  it('does nothing where nothing runs', () => {
    const { session, listener } = createWorld();
    session.stop();
    expect(listener).not.toHaveBeenCalled();
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

describe('retrying', () => {
  it('asks the same question again, under a new id, and keeps what was shown', async () => {
    const { session, push, lines } = createWorld();
    session.send('Hi');
    await push(START, text('a'));
    session.stop();
    session.retry({ model: 'another' });
    const [first, second] = lines.map(({ request }) => request);
    expect(second).toEqual({ ...first, replyId: session.getSnapshot().reply?.id, model: 'another' });
    expect(second?.replyId).not.toBe(first?.replyId);
    expect(session.getSnapshot().reply?.earlier).toMatchObject([{ content: [{ text: 'a' }] }]);
  });

  it('is ignored while a reply runs and where there is none', () => {
    const { session, lines } = createWorld();
    session.retry();
    expect(lines).toHaveLength(0);
    session.send('Hi');
    session.retry();
    expect(lines).toHaveLength(1);
  });
});

describe('taking the last question back', () => {
  it('gives it back and leaves no trace of it', async () => {
    const { session, push, lines, last } = createWorld();
    session.send('One?');
    await push(START, text('One.'), END);
    const before = session.getSnapshot();
    session.send('Two?');
    session.stop();
    expect(session.takeBackQuestion()).toBe('Two?');
    expect(session.getSnapshot()).toEqual(before);
    session.send('Three?');
    expect(lines).toHaveLength(3);
    expect(last().request.messages.map(({ content }) => content)).toEqual(['One?', 'One.', 'Three?']);
  });

  it('gives nothing and changes nothing while a reply runs, and where there is no question', () => {
    const { session, listener } = createWorld();
    expect(session.takeBackQuestion()).toBe('');
    session.send('One?');
    const running = session.getSnapshot();
    listener.mockClear();
    expect(session.takeBackQuestion()).toBe('');
    expect(session.getSnapshot()).toBe(running);
    expect(listener).not.toHaveBeenCalled();
  });
});

describe('clearing', () => {
  it('stops a running reply and begins anew', async () => {
    const { session, push, last, screen } = createWorld();
    session.send('Hi');
    await push(START, text('a'));
    await push(text('b'));
    const { signal } = last();
    session.clear();
    screen.draw();
    expect(signal.aborted).toBe(true);
    expect(session.getSnapshot()).toEqual({ messages: [], reply: null });
    session.send('Again');
    expect(last().request.messages).toEqual([{ role: 'user', content: 'Again' }]);
  });
});

describe('a listener', () => {
  it('is not called when nothing changed, and the snapshot stays the same', () => {
    const { session, listener } = createWorld();
    session.send('Hi');
    listener.mockClear();
    const before = session.getSnapshot();
    session.send('And?');
    session.retry();
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
