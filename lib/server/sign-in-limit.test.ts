import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SignInLimit } from './sign-in-limit';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Tries so many wrong passwords, and says how many of them were looked at. */
async function guess(
  limit: SignInLimit,
  times: number,
  addressOf: (n: number) => string = () => 'one',
): Promise<number> {
  const tries = Array.from({ length: times }, (_, n) => limit.countTry(addressOf(n)));
  return (await Promise.allSettled(tries)).filter(({ status }) => status === 'fulfilled').length;
}

describe('the limit of guesses (A053)', () => {
  it('looks at ten from one address, at once or one by one, and then at none for a quarter of an hour', async () => {
    const limit = new SignInLimit();
    expect(await guess(limit, 25)).toBe(10);
    vi.advanceTimersByTime(14 * 60_000);
    await expect(limit.countTry('one')).rejects.toMatchObject({ code: 'too_many_attempts', retryAfterSeconds: 60 });
    vi.advanceTimersByTime(60_000);
    expect(await guess(limit, 1)).toBe(1);
  });

  it('lets others in meanwhile', async () => {
    const limit = new SignInLimit();
    await guess(limit, 25);
    expect(await guess(limit, 1, () => 'other')).toBe(1);
  });

  it('looks at a hundred from all addresses together', async () => {
    const limit = new SignInLimit();
    expect(await guess(limit, 1000, (n) => `address ${n}`)).toBe(100);
  });

  it('does not count against the others what it does not look at', async () => {
    const limit = new SignInLimit();
    await guess(limit, 500);
    expect(await guess(limit, 50, (n) => `address ${n}`)).toBe(50);
  });

  it('does not count the right password', async () => {
    const limit = new SignInLimit();
    for (let n = 0; n < 200; n += 1) {
      await limit.countTry('one');
      await limit.takeBack('one');
    }
    expect(await guess(limit, 25)).toBe(10);
  });
});
