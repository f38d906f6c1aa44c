/**
 * What can go wrong between Claude, the server and the browser, by name. The title of a test begins with the name of the
 * fault that it covers, and a run of every spec fails where one is not covered.
 */
export const FAULTS: Readonly<Record<string, string>> = {
  // Claude, before the first byte.
  'U-400': 'Claude does not accept the request',
  'U-401': 'the operator’s key is refused, lacks a permission or has no credit',
  'U-404': 'Claude does not know the model',
  'U-413': 'the request is too large for Claude',
  'U-429s': 'a rate limit that is worth waiting for',
  'U-429l': 'a rate limit that is not',
  'U-5xx': 'Claude is overloaded or has a problem of its own',
  'U-conn': 'no connection to Claude',
  'U-nohdr': 'a connection on which nothing comes',
  'U-err0': 'an error as the first event',
  'U-html': 'something else than an answer, with a proper status',

  // Claude, in the middle of an answer: how it breaks, and where.
  'U-eof-start': 'the response ends after its start',
  'U-rst-start': 'the connection is reset after the start',
  'U-stall-start': 'the connection goes silent after the start',
  'U-errev-start': 'an error event after the start',
  'U-json-start': 'an unreadable event after the start',
  'U-eof-text': 'the response ends in the middle of the text',
  'U-rst-text': 'the connection is reset in the middle of the text',
  'U-stall-text': 'the connection goes silent in the middle of the text',
  'U-errev-text': 'an error event in the middle of the text',
  'U-json-text': 'an unreadable event in the middle of the text',
  'U-eof-utf8': 'the response ends inside a character',
  'U-rst-utf8': 'the connection is reset inside a character',
  'U-stall-utf8': 'the connection goes silent inside a character',
  'U-errev-utf8': 'an error event inside a character',
  'U-json-utf8': 'an unreadable event that is cut inside a character',
  'U-eof-think': 'the response ends in the middle of thinking',
  'U-rst-think': 'the connection is reset in the middle of thinking',
  'U-stall-think': 'the connection goes silent in the middle of thinking',
  'U-errev-think': 'an error event in the middle of thinking',
  'U-json-think': 'an unreadable event in the middle of thinking',

  // Claude, after it has said why it stops.
  'U-eof-delta': 'the response ends without its last event',
  'U-hang-stop': 'the connection stays open after the last event',
  'U-max': 'the answer reaches a limit of length',
  'U-refuse': 'Claude declines',
  'U-pause': 'Claude pauses, or wants a tool',
  'U-odd': 'what the API may send and does not yet, and what it must not send',

  // The server.
  'S-term': 'the server is asked to end',
  'S-max': 'the platform ends requests after a time',
  'S-loop': 'the server is blocked for seconds',
  'S-kill': 'the server is killed',

  // The browser.
  'B-abort0': 'Stop before the first byte',
  'B-abort': 'Stop in the middle, twice, or as the answer ends',
  'B-off0': 'Send while offline',
  'B-abort-res': 'Stop after a resume, or from another tab',
  'B-tab': 'a tab is closed, or crashes',
  'B-reload': 'a reload in the middle of an answer',
  'B-sleep': 'the machine sleeps',
  'B-off': 'the network goes and comes back',
  'B-2tabs': 'two tabs with the same chat',
  'B-6': 'more tabs than may be answered at once',
  'B-slow': 'a reader that reads slowly, or not at all',
  'B-quota': 'the browser’s storage is full',
  'B-idb': 'the browser’s storage is blocked, damaged, or of another version',
  'B-render': 'an answer that cannot be rendered',
};
