export type ImageSize = { readonly width: number; readonly height: number };

/**
 * What Claude looks at (its documentation of vision): models from Opus 4.7 on take images of up to 2,576 pixels on the long
 * edge and 4,784 squares of 28 pixels; earlier ones up to 1,568 of both, and scale down by themselves. More is never seen.
 */
const MAX_EDGE = 2576;
const MAX_SQUARES = 4784;
const SQUARE_EDGE = 28;

const squaresOf = ({ width, height }: ImageSize) => Math.ceil(width / SQUARE_EDGE) * Math.ceil(height / SQUARE_EDGE);

/** The largest size of the same proportions that Claude sees all of. Never larger than the image is. */
export function sizeForClaude(size: ImageSize): ImageSize {
  let scale = Math.min(1, MAX_EDGE / Math.max(size.width, size.height));
  let fitting = scaled(size, scale);
  while (squaresOf(fitting) > MAX_SQUARES) {
    // At least a bit each time: rounding could hold it where it is.
    scale *= Math.min(0.998, Math.sqrt(MAX_SQUARES / squaresOf(fitting)));
    fitting = scaled(size, scale);
  }
  return fitting;
}

/** Whole pixels, and at least one of each. */
export function scaled({ width, height }: ImageSize, scale: number): ImageSize {
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
