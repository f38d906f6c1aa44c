import { describe, expect, it, vi } from 'vitest';
import type { ListedModel } from './claude-models';
import { ModelAvailability } from './model-availability';

const OFFERED = ['small', 'large', 'claude-haiku-4-5'];
const MINUTE_MS = 60_000;

const listOf = (...ids: readonly string[]): readonly ListedModel[] => ids.map((id) => ({ id, isRetired: false }));
const refused = { outcome: 'failed', errorCode: 'model_unavailable', firstTokenMs: null } as const;
const complete = { outcome: 'complete', firstTokenMs: 10 } as const;
const failed = { outcome: 'failed', errorCode: 'overloaded', firstTokenMs: null } as const;

/** Lists that come one after the other, by a clock that is set by hand. */
function setUp(...lists: readonly (readonly ListedModel[] | Error)[]) {
  const clock = { ms: 0 };
  const waiting = [...lists];
  const list = vi.fn(async () => {
    const next = waiting.shift();
    if (Array.isArray(next)) return next as readonly ListedModel[];
    throw next ?? new Error('asked too often');
  });
  return { clock, list, availability: new ModelAvailability({ list, offered: OFFERED, now: () => clock.ms }) };
}

const reasons = (availability: ModelAvailability) => OFFERED.map((id) => availability.reasonAgainst(id));

describe('what is known of the models on offer', () => {
  it('is nothing before anybody has asked, and then they are all available', () => {
    const { availability, list } = setUp(listOf('small'));
    expect(reasons(availability)).toEqual([undefined, undefined, undefined]);
    expect(list).not.toHaveBeenCalled();
  });

  it('comes from Claude’s list: what is not on it cannot be used', async () => {
    const { availability } = setUp(listOf('small', 'another', 'claude-haiku-4-5-20251001'));
    await availability.refresh();
    expect(reasons(availability)).toEqual([undefined, expect.stringMatching(/no access.*\.$/), undefined]);
  });

  it('tells a model that is retired from one that the key may not use', async () => {
    const { availability } = setUp([...listOf('small'), { id: 'large', isRetired: true }]);
    await availability.refresh();
    expect(availability.reasonAgainst('large')).toMatch(/no longer/);
  });

  it('is asked for once in ten minutes, however many want it', async () => {
    const { availability, clock, list } = setUp(listOf('small'), listOf('small', 'large'));
    await Promise.all([availability.refresh(), availability.refresh()]);
    clock.ms = 10 * MINUTE_MS - 1;
    await availability.refresh();
    expect(list).toHaveBeenCalledOnce();
    expect(availability.reasonAgainst('large')).toBeDefined();
    clock.ms = 10 * MINUTE_MS;
    await availability.refresh();
    expect(availability.reasonAgainst('large')).toBeUndefined();
  });

  it('is nothing where the list cannot be had any more', async () => {
    const { availability, clock } = setUp(listOf('small'), new Error('offline'));
    await availability.refresh();
    clock.ms = 10 * MINUTE_MS;
    await expect(availability.refresh()).resolves.toBeUndefined();
    expect(reasons(availability)).toEqual([undefined, undefined, undefined]);
  });

  it('is nothing where the list has none of them: it is about something else', async () => {
    const { availability } = setUp(listOf('somebody-elses-model'));
    await availability.refresh();
    expect(reasons(availability)).toEqual([undefined, undefined, undefined]);
  });

  it('is nothing where there is nobody to ask', async () => {
    const availability = new ModelAvailability({ offered: OFFERED });
    await availability.refresh();
    expect(reasons(availability)).toEqual([undefined, undefined, undefined]);
  });
});

describe('a reply that is over', () => {
  it('makes a model unavailable for five minutes where Claude did not accept it', () => {
    const { availability, clock } = setUp();
    availability.hear({ model: 'large', ...refused });
    expect(availability.reasonAgainst('large')).toMatch(/did not accept/);
    expect(availability.reasonAgainst('small')).toBeUndefined();
    clock.ms = 5 * MINUTE_MS;
    expect(availability.reasonAgainst('large')).toBeUndefined();
  });

  it('shows that a model can be used, whatever was known before', async () => {
    const { availability } = setUp(listOf('small'));
    await availability.refresh();
    availability.hear({ model: 'large', ...refused });
    availability.hear({ model: 'large', ...complete });
    expect(availability.reasonAgainst('large')).toBeUndefined();
  });

  it('says nothing of its model where it failed for another reason', async () => {
    const { availability } = setUp(listOf('small'));
    await availability.refresh();
    availability.hear({ model: 'large', ...failed });
    availability.hear({ model: 'small', ...failed });
    expect(availability.reasonAgainst('large')).toMatch(/no access/);
    expect(availability.reasonAgainst('small')).toBeUndefined();
  });
});
