import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sizeForClaude } from './image-size';

const edge = fc.integer({ min: 1, max: 30_000 });

describe('the size that Claude sees', () => {
  it.each([
    ['a photograph of twelve megapixels', [4032, 3024], [2223, 1667]],
    ['a screenshot of a large display', [3840, 2160], [2576, 1449]],
    ['a small image', [60, 40], [60, 40]],
    ['the largest square', [1932, 1932], [1932, 1932]],
    ['a line', [20_000, 1], [2576, 1]],
  ] as const)('of %s', (_, [width, height], [fittingWidth, fittingHeight]) => {
    const size = sizeForClaude({ width, height });
    expect(Math.abs(size.width - fittingWidth) / fittingWidth).toBeLessThan(0.01);
    expect(Math.abs(size.height - fittingHeight) / fittingHeight).toBeLessThan(0.01);
  });

  it('is within both limits, of the same proportions, and never larger than the image', () => {
    fc.assert(
      fc.property(edge, edge, (width, height) => {
        const size = sizeForClaude({ width, height });
        expect(Math.max(size.width, size.height)).toBeLessThanOrEqual(2576);
        expect(Math.ceil(size.width / 28) * Math.ceil(size.height / 28)).toBeLessThanOrEqual(4784);
        expect(size.width <= width && size.height <= height).toBe(true);
        expect(Math.abs(size.width - (size.height * width) / height)).toBeLessThanOrEqual(1 + width / height);
      }),
    );
  });
});
