/** A prompt to begin with, offered on the empty screen. A failure is something to watch being handled. */
export type Suggestion = { readonly label: string; readonly prompt: string; readonly group: 'answer' | 'failure' };
