/**
 * Whether typing happens on the screen. There Enter is the only way to a new line, and focus takes away half of the
 * page.
 */
export function hasTouchKeyboard(): boolean {
  return matchMedia('(pointer: coarse) and (hover: none)').matches;
}
