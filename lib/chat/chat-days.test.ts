import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupByDay } from './chat-days';
import { NO_CHOICES } from './chat-state';
import type { Chat } from './history';

const chat = (id: string, updatedAt: Date): Chat => ({
  id,
  title: id,
  createdAt: 0,
  updatedAt: updatedAt.getTime(),
  hasOwnTitle: false,
  choices: NO_CHOICES,
});
const NOW = new Date(2026, 2, 2, 0, 30);

describe('groupByDay', () => {
  it('puts the chats of a calendar day together, however few hours lie between two days', () => {
    const chats = [
      chat('now', NOW),
      chat('midnight', new Date(2026, 2, 2)),
      chat('before', new Date(2026, 2, 1, 23, 59)),
      chat('morning', new Date(2026, 2, 1, 0, 0)),
      chat('year', new Date(2025, 2, 2, 12)),
    ];
    const days = groupByDay(chats, NOW.getTime());
    expect(days.map(({ daysAgo, chats: own }) => [daysAgo, own.map(({ id }) => id)])).toEqual([
      [0, ['now', 'midnight']],
      [1, ['before', 'morning']],
      [365, ['year']],
    ]);
    expect(days[1]?.date).toEqual(new Date(2026, 2, 1));
  });

  it('has no days where there are no chats', () => {
    expect(groupByDay([], 0)).toEqual([]);
  });

  it('leaves out no chat, changes no order, and counts whole days', () => {
    const time = fc.date({ min: new Date(2000, 0), max: new Date(2030, 0), noInvalidDate: true });
    const property = fc.property(fc.array(time), time, (times, now) => {
      const chats = times.toSorted((one, other) => other.getTime() - one.getTime()).map((at) => chat(`${+at}`, at));
      const days = groupByDay(chats, now.getTime());
      expect(days.flatMap((day) => day.chats)).toEqual(chats);
      expect(days.every(({ daysAgo }) => Number.isInteger(daysAgo))).toBe(true);
      expect(new Set(days.map(({ daysAgo }) => daysAgo)).size).toBe(days.length);
    });
    fc.assert(property);
  });
});
