/** Runs a callback when the next frame is drawn. Returns how to call it off. */
export type ScheduleFrame = (callback: () => void) => () => void;

/** A hidden tab draws no frames, yet its text must arrive: then, and where a frame is late, this many milliseconds later. */
const LATE_FRAME_MS = 100;

export const scheduleFrame: ScheduleFrame = (callback) => {
  const run = () => {
    cancel();
    callback();
  };
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, LATE_FRAME_MS);
  const cancel = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  return cancel;
};
