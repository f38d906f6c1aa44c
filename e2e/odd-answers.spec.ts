import { encodeFrame } from '@/lib/demo/script';
import { expect, test } from './fixtures';
import { messageEnd, messageStart, textDelta, textStart } from './frames';
import { openReply } from './reply-client';
import { promptByHand } from './upstream';

const delta = (fields: object) => encodeFrame('content_block_delta', { index: 0, ...fields });
const ending = (fields: object) => encodeFrame('message_delta', fields) + encodeFrame('message_stop');

/** What a gateway or a server of its own kind may answer with a proper status. None of it broke on the way. */
const UNREADABLE = [
  { what: 'nothing', bytes: '' },
  { what: 'a web page', bytes: '<!doctype html><title>Sign in</title>' },
  { what: 'a whole message instead of a stream', bytes: JSON.stringify({ type: 'message', content: [] }) },
  { what: 'an event that is no JSON', bytes: 'event: message_start\ndata: {"type":\n\n' },
  { what: 'an event that is no object', bytes: 'event: ping\ndata: null\n\n' },
  { what: 'a start without its message', bytes: encodeFrame('message_start') },
  { what: 'a block without its kind', bytes: messageStart() + encodeFrame('content_block_start', { index: 0 }) },
  { what: 'a delta without its content', bytes: messageStart() + delta({}) },
  {
    what: 'a text that is no text',
    bytes: messageStart() + textStart() + delta({ delta: { type: 'text_delta', text: 5 } }),
  },
  { what: 'an end without its reason', bytes: messageStart() + ending({}) },
  { what: 'a reason that is no word', bytes: messageStart() + ending({ delta: { stop_reason: { is: 'odd' } } }) },
];

for (const { what, bytes } of UNREADABLE) {
  test(`${what} is told as an answer that cannot be read`, async ({ live, upstream }) => {
    const prompt = promptByHand(what);
    const reply = await openReply(live.url, prompt);
    const call = await upstream.nextCall(prompt);
    call.send(bytes);
    call.end();

    expect(await reply.rest()).toMatchObject([
      { type: 'reply-start' },
      { type: 'reply-error', error: { code: 'upstream_unreadable' } },
    ]);
  });
}

test('lines that end as on Windows, and a frame of a megabyte, are read all the same', async ({ live, upstream }) => {
  const prompt = promptByHand('odd framing');
  const long = 'wörd '.repeat(200_000);
  const reply = await openReply(live.url, prompt);
  const call = await upstream.nextCall(prompt);
  call.send((messageStart() + textStart() + textDelta(long) + messageEnd()).replaceAll('\n', '\r\n'));
  call.end();

  expect(await reply.rest()).toMatchObject([
    { type: 'reply-start' },
    { type: 'text-delta', text: long },
    { type: 'reply-end', stopReason: 'end_turn' },
  ]);
});
