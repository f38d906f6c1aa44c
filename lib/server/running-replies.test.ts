import { describe, expect, it, vi } from 'vitest';
import { getRunningReplies, RunningReplies } from './running-replies';

const enter = (replies: RunningReplies, interrupt = () => {}) => replies.enter(interrupt) ?? expect.fail('turned away');

/** Whether a promise has settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

describe('the replies that run', () => {
  it('are counted from their beginning to their end, each once', () => {
    const replies = new RunningReplies();
    const leaveOne = enter(replies);
    const leaveOther = enter(replies);
    expect(replies.size).toBe(2);
    leaveOne();
    leaveOne();
    expect(replies.size).toBe(1);
    leaveOther();
    expect(replies.size).toBe(0);
  });

  it('are not joined by a new one when they are closed', () => {
    const replies = new RunningReplies();
    void replies.close();
    expect(replies.enter(() => {})).toBeNull();
    expect(replies.size).toBe(0);
  });

  it('are closed at once where none runs', async () => {
    expect(await isSettled(new RunningReplies().close())).toBe(true);
  });

  it('are closed when the last one has ended', async () => {
    const replies = new RunningReplies();
    const leaveOne = enter(replies);
    const leaveOther = enter(replies);
    const closing = replies.close();
    leaveOne();
    expect(await isSettled(closing)).toBe(false);
    leaveOther();
    expect(await isSettled(closing)).toBe(true);
  });

  it('are interrupted as long as they run, also one that ends because of it', () => {
    const replies = new RunningReplies();
    const interrupts = [vi.fn(() => leave()), vi.fn(), vi.fn()] as const;
    const leave = enter(replies, interrupts[0]);
    enter(replies, interrupts[1])();
    enter(replies, interrupts[2]);
    replies.interrupt();
    expect(interrupts.map((interrupt) => interrupt.mock.calls.length)).toEqual([1, 0, 1]);
    expect(replies.size).toBe(1);
  });

  it('of this process are the same ones for every copy of their module', async () => {
    vi.resetModules();
    const copy = await import('./running-replies');
    expect(copy.RunningReplies).not.toBe(RunningReplies);
    expect(copy.getRunningReplies()).toBe(getRunningReplies());
  });
});
