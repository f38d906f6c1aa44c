/** The name of the key that sends where Enter breaks the line, as this machine's keyboard has it. */
export function modifiedEnter(platform = navigator.platform): string {
  return /^(Mac|iP)/.test(platform) ? '⌘+Enter' : 'Ctrl+Enter';
}
