import { expect, it, vi } from 'vitest';
import { Lazy } from './lazy';

it('what is lazy is fetched once, however many want it, and tells them', async () => {
  const load = vi.fn(async () => 'here');
  const lazy = new Lazy(load);
  const listener = vi.fn();
  lazy.subscribe(listener);
  expect(lazy.getSnapshot()).toBeNull();
  await Promise.all([lazy.want(), lazy.want()]);
  await lazy.want();
  expect(lazy.getSnapshot()).toBe('here');
  expect(load).toHaveBeenCalledTimes(1);
  expect(listener).toHaveBeenCalledTimes(1);
});

it('what could not be fetched is tried again by the next one who wants it', async () => {
  const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error('offline')).mockResolvedValue('here');
  const lazy = new Lazy(load);
  await lazy.want();
  expect(lazy.getSnapshot()).toBeNull();
  await lazy.want();
  expect(lazy.getSnapshot()).toBe('here');
});

it('who has unsubscribed is told nothing', async () => {
  const lazy = new Lazy(async () => 'here');
  const listener = vi.fn();
  lazy.subscribe(listener)();
  await lazy.want();
  expect(listener).not.toHaveBeenCalled();
});
