import { encodeFrame } from '@/lib/demo/script';
import {
  blockStop,
  messageEnd,
  messageStart,
  textDelta,
  textStart,
  thinkingDelta,
  thinkingStart,
  wholeAnswer,
} from './frames';
import type { Answer, Recording } from './recording';

const signature = { index: 0, delta: { type: 'signature_delta', signature: 'c2lnbmVk' } };
const tool = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} };
const input = { index: 2, delta: { type: 'input_json_delta', partial_json: '{"text":"not shown"}' } };
const result = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] };
const citation = { index: 4, delta: { type: 'citations_delta', citation: { cited_text: 'not shown either' } } };
const stream = [
  messageStart(),
  encodeFrame('ping'),
  thinkingStart(0),
  thinkingDelta('Grüße — ', 0),
  thinkingDelta('世界', 0),
  encodeFrame('content_block_delta', signature),
  blockStop(0),
  textStart(1),
  textDelta('Looking it up. ', 1),
  blockStop(1),
  encodeFrame('content_block_start', { index: 2, content_block: tool }),
  encodeFrame('content_block_delta', input),
  blockStop(2),
  encodeFrame('content_block_start', { index: 3, content_block: result }),
  blockStop(3),
  textStart(4),
  encodeFrame('content_block_delta', citation),
  textDelta('Found: 🌊', 4),
  encodeFrame('an_event_of_the_future', { text: 'nor this' }),
  blockStop(4),
  messageEnd('pause_turn', 31),
  wholeAnswer('What follows the end belongs to another answer.'),
];

/** The turns that real recordings take: thinking, a tool between two texts, a citation, characters of several bytes. */
export const OWN_RECORDING: Recording = { name: 'a small one of our own', bytes: Buffer.from(stream.join('')) };

export const OWN_ANSWER: Answer = {
  content: [
    { type: 'thinking', text: 'Grüße — 世界' },
    { type: 'text', text: 'Looking it up. Found: 🌊' },
  ],
  stopReason: 'pause_turn',
  usage: { inputTokens: 12, outputTokens: 31, cacheReadTokens: 3, cacheWriteTokens: 0 },
};
