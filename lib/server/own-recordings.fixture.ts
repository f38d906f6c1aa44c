import 'server-only';
import { encodeFrame } from '@/lib/demo/script';
import type { Recording } from './recording.fixture';

const messageStart = (id: string) =>
  encodeFrame('message_start', {
    message: { id, type: 'message', content: [], stop_reason: null, usage: { input_tokens: 12, output_tokens: 1 } },
  });
const blockStart = (index: number, content_block: object) =>
  encodeFrame('content_block_start', { index, content_block });
const delta = (index: number, fields: object) => encodeFrame('content_block_delta', { index, delta: fields });
const text = (index: number, words: string) => delta(index, { type: 'text_delta', text: words });
const messageEnd = (stopReason: string) =>
  encodeFrame('message_delta', {
    delta: { stop_reason: stopReason },
    usage: { output_tokens: 31, output_tokens_details: { thinking_tokens: 9 } },
  }) + encodeFrame('message_stop');

/** Thinking, a tool between two texts, a citation, characters of several bytes, of two halves and of one. */
const answer = [
  messageStart('msg_own'),
  encodeFrame('ping'),
  blockStart(0, { type: 'thinking', thinking: '' }),
  delta(0, { type: 'thinking_delta', thinking: 'Grüße — ' }),
  delta(0, { type: 'thinking_delta', thinking: '世界' }),
  delta(0, { type: 'signature_delta', signature: 'c2lnbmVk' }),
  encodeFrame('content_block_stop', { index: 0 }),
  blockStart(1, { type: 'text', text: '' }),
  text(1, 'Looking it up 🌊 \ud83e'),
  text(1, '\udd9c. '),
  blockStart(2, { type: 'server_tool_use', name: 'web_search', input: {} }),
  delta(2, { type: 'input_json_delta', partial_json: '{"text":"not shown"}' }),
  blockStart(3, { type: 'text', text: '' }),
  delta(3, { type: 'citations_delta', citation: { cited_text: 'not shown either' } }),
  text(3, 'Found: é\udd9c\ud83e'),
  text(3, '.'),
].join('');

const half = [messageStart('msg_half'), text(0, 'Only half')].join('');

const recording = (what: string, ...frames: readonly string[]): Recording => ({
  name: `a small one of our own ${what}`,
  bytes: new TextEncoder().encode(frames.join('')),
});

/** Recordings that are always there. Only tests read them. */
export const OWN_RECORDINGS: readonly Recording[] = [
  recording('that pauses', answer, messageEnd('pause_turn'), messageStart('msg_next'), text(0, 'Another answer.')),
  recording('that never ends', half),
  recording('that breaks off', half, encodeFrame('error', { error: { type: 'overloaded_error' } }), text(0, 'No.')),
  recording('that begins anew', half, messageStart('msg_other'), text(0, 'No.'), messageEnd('end_turn')),
];
