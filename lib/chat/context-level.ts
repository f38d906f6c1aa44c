/** From here on it is said how full a context is, and again with every further step. In percent. */
const FIRST_LEVEL = 80;
const STEP = 5;

/** A share of 0.85 is a little less in binary. */
const ROUNDING = 1e-9;

/** How full a context is, in steps of five percent from 80 to 100; null where that is nobody's concern yet. */
export function contextLevel(share: number): number | null {
  const level = Math.min(100, Math.floor((share * 100) / STEP + ROUNDING) * STEP);
  return level >= FIRST_LEVEL ? level : null;
}
