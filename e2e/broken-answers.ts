import { errorFrame, messageStart, textDelta, textStart, thinkingDelta, thinkingStart } from './frames';
import type { UpstreamCall } from './upstream-call';

/** How far an answer has come when it breaks, and what is left of it then. */
export type Phase = {
  readonly id: string;
  readonly where: string;
  /** What Claude has sent by then. */
  readonly frames: readonly string[];
  /** The beginning of one more frame, where the break is inside of it. */
  readonly half?: Uint8Array;
  /** What the reader has by then, and what Claude is told of it later. */
  readonly text: string;
  readonly status: 'interrupted' | 'failed';
  readonly title: string;
  readonly buttons: readonly RegExp[];
};

const TEXT = [messageStart(), textStart(), textDelta('The part '), textDelta('that arri')];
const PARTIAL = { status: 'interrupted', title: 'Interrupted.', buttons: [/^Retry$/, /^Continue$/, /^Copy$/] } as const;

export const PHASES: readonly Phase[] = [
  {
    id: 'start',
    where: 'after its start',
    frames: [messageStart()],
    text: '',
    status: 'failed',
    title: 'No answer.',
    buttons: [/^Retry$/],
  },
  { id: 'text', where: 'in the middle of its text', frames: TEXT, text: 'The part that arri', ...PARTIAL },
  {
    id: 'utf8',
    where: 'inside a character',
    // Inside two: one that JSON may write as two escapes, and one that UTF-8 writes in three bytes.
    frames: [...TEXT, textDelta('ved, 世\ud83c')],
    half: cutInside('界', textDelta('\udf0a 界')),
    text: 'The part that arrived, 世',
    ...PARTIAL,
  },
  {
    id: 'think',
    where: 'in the middle of thinking',
    frames: [messageStart(), thinkingStart(), thinkingDelta('Let me see, ')],
    text: '',
    status: 'interrupted',
    title: 'Interrupted while thinking.',
    buttons: [/^Thought for \d+ s$/, /^Retry$/],
  },
];

/** How an answer breaks, and what is said of it. */
export type Break = {
  readonly id: string;
  readonly what: string;
  readonly strike: (call: UpstreamCall, half?: Uint8Array) => void;
  readonly code: string;
  readonly status: number;
  readonly says: string;
};

/** In a frame that cannot be read, and nowhere else. */
export const UNREADABLE_WORDS = 'words that nobody reads';

const CUT = {
  code: 'upstream_cut',
  status: 502,
  says: 'The connection to Claude broke before the answer was complete.',
};

export const BREAKS: readonly Break[] = [
  { id: 'eof', what: 'ends', strike: after((call) => call.end()), ...CUT },
  { id: 'eof', what: 'is closed with its connection', strike: after((call) => call.drop()), ...CUT },
  { id: 'rst', what: 'is reset', strike: after((call) => call.reset()), ...CUT },
  {
    id: 'errev',
    what: 'turns into an error',
    // An event of its own: it never begins inside another one.
    strike: (call) => call.send(errorFrame('overloaded_error', 'Overloaded')),
    code: 'overloaded',
    status: 503,
    says: 'Claude is overloaded right now.',
  },
  {
    id: 'json',
    what: 'becomes unreadable',
    strike: after((call) => call.send(`event: content_block_delta\ndata: {"delta": ${UNREADABLE_WORDS}\n\n`)),
    code: 'upstream_unreadable',
    status: 502,
    says: 'The answer from Claude could not be read.',
  },
];

function after(strike: (call: UpstreamCall) => void): Break['strike'] {
  return (call, half) => {
    if (half) call.send(half);
    strike(call);
  };
}

/** A frame up to the first byte of a character. */
function cutInside(character: string, frame: string): Uint8Array {
  const bytes = Buffer.from(frame);
  return bytes.subarray(0, bytes.indexOf(character) + 1);
}
