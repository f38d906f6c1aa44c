import { readAnswer } from '@/lib/demo/answers';
import { SCENARIOS } from '@/lib/demo/scenarios';
import { expect, test } from './fixtures';
import { joinDeltas, openReply, type WireEvent } from './reply-client';

type Events = readonly WireEvent[];

// The demo answers at the pace of a model, so everything is asked at once: by one hook, in one worker.
test.describe.configure({ mode: 'default' });

let replies: Readonly<Record<'rivulet' | 'overload' | 'truncate' | 'refuse' | 'drop' | 'dropAgain', Events>>;

test.beforeAll(async ({ demo }) => {
  const ask = async (id: string): Promise<Events> => (await openReply(demo.url, promptOf(id))).rest();
  const twice = async (id: string) => [await ask(id), await ask(id)] as const;
  const [rivulet, overload, truncate, refuse, [drop, dropAgain]] = await Promise.all([
    ask('rivulet'),
    ask('overload'),
    ask('truncate'),
    ask('refuse'),
    twice('drop'),
  ]);
  replies = { rivulet, overload, truncate, refuse, drop, dropAgain };
});

test('without a key the server says that it simulates', async ({ demo }) => {
  const health = await (await fetch(`${demo.url}/api/health`)).json();
  expect(health).toEqual({ status: 'ok', mode: 'demo', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  expect(replies.rivulet[0]).toMatchObject({ type: 'reply-start', simulated: true });
});

test('a suggestion streams its answer byte for byte', () => {
  expect(joinDeltas(replies.rivulet, 'text-delta')).toBe(readAnswer('rivulet'));
  expect(replies.rivulet.filter((event) => event.type === 'text-delta').length).toBeGreaterThan(20);
  expect(replies.rivulet.at(-1)).toMatchObject({ type: 'reply-end', stopReason: 'end_turn' });
});

test('an overload is waited out, as long as it asks, and then the answer is whole', () => {
  const waits = replies.overload.filter((event) => event.type === 'reply-waiting');
  expect(waits.map(({ reason }) => reason)).toEqual(['overloaded', 'overloaded']);
  // Two seconds are asked for, and a little more is waited: others were told the same.
  expect(waits[0]?.retryInMs).toBeGreaterThanOrEqual(2000);
  expect(waits[0]?.retryInMs).toBeLessThanOrEqual(2200);
  expect(joinDeltas(replies.overload, 'text-delta')).toBe(readAnswer('overload'));
  expect(replies.overload.at(-1)).toMatchObject({ type: 'reply-end', stopReason: 'end_turn' });
});

test('a lost connection keeps what had arrived and says so; asked again, the answer is whole', () => {
  const { drop, dropAgain } = replies;
  expect(drop.at(-1)).toMatchObject({ type: 'reply-error', error: { code: 'upstream_cut', retryable: true } });
  expect(joinDeltas(drop, 'text-delta')).toBe(readAnswer('drop').slice(0, 640));
  expect(joinDeltas(dropAgain, 'thinking-delta')).toBe(readAnswer('drop.thinking'));
  expect(joinDeltas(dropAgain, 'text-delta')).toBe(readAnswer('drop'));
  expect(dropAgain.at(-1)).toMatchObject({ type: 'reply-end', stopReason: 'end_turn' });
});

for (const [id, stopReason] of [
  ['truncate', 'max_tokens'],
  ['refuse', 'refusal'],
] as const) {
  test(`what ends with ${stopReason} says so, and keeps its text`, () => {
    expect(joinDeltas(replies[id], 'text-delta')).toBe(readAnswer(id));
    expect(replies[id].at(-1)).toMatchObject({ type: 'reply-end', stopReason });
  });
}

function promptOf(id: string): string {
  const scenario = SCENARIOS.find((each) => each.id === id);
  if (!scenario) throw new Error(`no scenario ${id}`);
  return scenario.prompt;
}
