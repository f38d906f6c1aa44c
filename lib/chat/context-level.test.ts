import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contextLevel } from './context-level';

it.each([
  [0, null],
  [0.7999, null],
  [0.8, 80],
  [0.8499, 80],
  [0.85, 85],
  [0.95, 95],
  [0.999, 95],
  [1, 100],
  [7, 100],
])('a context that is full to %d is at the level %s', (share, level) => {
  expect(contextLevel(share)).toBe(level);
});

it('a level is reached at its percent, and never falls when the context fills', () => {
  for (let percent = 80; percent <= 100; percent += 5) expect(contextLevel(percent / 100)).toBe(percent);
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 2, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (share, more) => {
        expect(contextLevel(share + more) ?? 0).toBeGreaterThanOrEqual(contextLevel(share) ?? 0);
      },
    ),
  );
});
