import { describe, expect, it, vi } from 'vitest';
import type { ReplyEnd } from '@/lib/chat/chat-state';
import { createEndNotifier } from './notify-end';

const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 0, cacheWriteTokens: 0 };
const complete = (stopReason: string): ReplyEnd => ({
  status: 'complete',
  stopReason,
  usage,
  timing: { firstTokenMs: 1, totalMs: 2 },
});
const error = { code: 'stalled', message: 'Silence.', retryable: true, requestId: '' } as const;

function createWorld(world: { isWanted?: boolean; isHidden?: boolean; throws?: boolean } = {}) {
  const shown = { close: vi.fn(), onclick: null as ((event: Event) => void) | null };
  const notify = vi.fn((_title: string, _options: NotificationOptions) => {
    if (world.throws) throw new TypeError('Illegal constructor.');
    return shown;
  });
  const [focus, onFailure, onPress] = [vi.fn(), vi.fn(), vi.fn()];
  const notifyEnd = createEndNotifier({
    notify,
    isWanted: () => world.isWanted ?? true,
    isHidden: () => world.isHidden ?? true,
    focus,
    onFailure,
  });
  const end = (status: ReplyEnd = complete('end_turn'), tookMs = 10_000, title: string | undefined = 'Tides') =>
    notifyEnd({ title, message: { id: 'r', end: status }, tookMs, onPress });
  return { shown, notify, focus, onFailure, onPress, end };
}

describe('the end of an answer', () => {
  it.each<[string, ReplyEnd]>([
    ['is complete', complete('end_turn')],
    ['was cut off', complete('max_tokens')],
    ['was stopped', { status: 'stopped' }],
    ['was interrupted', { status: 'interrupted', error, retryAt: null }],
    ['was interrupted', { status: 'failed', error, retryAt: null }],
  ])('is told with the title of its chat, and no more: it %s', (how, end) => {
    const world = createWorld();
    world.end(end);
    expect(world.notify.mock.calls).toEqual([['Tides', { body: `The answer ${how}.`, tag: 'r', icon: '/icon.svg' }]]);
  });

  it('is told of a chat without a title too', () => {
    const world = createWorld();
    world.end(complete('end_turn'), 10_000, '');
    expect(world.notify.mock.calls[0]?.[0]).toBe('Rivulet');
  });

  it.each([
    ['the answer was a short one', {}, 9_999],
    ['the tab is seen', { isHidden: false }, 20_000],
    ['nobody wants it', { isWanted: false }, 20_000],
  ])('is not told where %s', (_, given, tookMs) => {
    const world = createWorld(given);
    world.end(complete('end_turn'), tookMs);
    expect(world.notify).not.toHaveBeenCalled();
  });

  it('leads back to its chat', () => {
    const { shown, focus, onPress, end } = createWorld();
    end();
    expect(onPress).not.toHaveBeenCalled();
    shown.onclick?.(new Event('click'));
    expect([shown.close, focus, onPress].map((each) => each.mock.calls.length)).toEqual([1, 1, 1]);
  });

  it('is no longer promised where it cannot be told', () => {
    const world = createWorld({ throws: true });
    world.end();
    expect(world.onFailure).toHaveBeenCalledOnce();
  });
});
