/**
 * Whether a key belongs to an input method that is composing text: then Enter confirms a choice and Escape drops it.
 * Safari reports such a key after the composition has ended, with the key code 229.
 */
export function isOfInputMethod(event: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return event.isComposing || event.keyCode === 229;
}
