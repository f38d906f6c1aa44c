import { join } from 'node:path';
import { test as base, expect, SECRETS } from './fixtures';
import { followReply, type Outcome } from './outcome';
import { OWN_RECORDING } from './own-recording';
import { answerOf, framesOf, isSpliced, prefixOf, type Recording, readRecordings } from './recording';
import { postPrompt } from './reply-client';
import { type RivuletServer, startRivulet } from './rivulet-server';
import { promptByHand, type Upstream } from './upstream';
import type { UpstreamCall } from './upstream-call';

const folder = process.env.CORPORA_DIR;
const recorded = folder ? readRecordings(join(folder, 'anthropic-sse')) : [];
/** A stream that is nothing but an error is asked for again. */
const recordings = [OWN_RECORDING, ...recorded].filter((each) => framesOf(each).some(({ type }) => type !== 'error'));

/** On each side of the event that tells the stop reason, and others by chance. */
const PLACES_BY_CHANCE = 2;
const AT_ONCE = 100;

/** A kept connection may be closed by the server just when a busy machine comes to use it again. */
const OWN_CONNECTION = { headers: { Connection: 'close' } };

/** The build with limits for which nobody has to wait long. */
const test = base.extend<object, { readonly impatient: RivuletServer }>({
  impatient: [
    async ({ upstream }, use) => {
      const server = await startRivulet({
        ANTHROPIC_API_KEY: SECRETS.apiKey,
        ANTHROPIC_BASE_URL: upstream.url,
        FIRST_BYTE_TIMEOUT_SECONDS: '10',
        STALL_TIMEOUT_SECONDS: '1',
      });
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],
});

test.describe.configure({ timeout: 120_000 });

type Cut = { readonly recording: Recording; readonly after: number };

/** What happens to a connection after the last byte. */
type Way = {
  readonly how: string;
  readonly cut: (call: UpstreamCall) => void;
  /** How a reply ends whose stop reason has not come. */
  readonly code: (prefix: Recording) => string;
  /** A reset may overtake what is on its way, so the server has to have read it before. */
  readonly isHasty?: boolean;
};

const isSilent = (prefix: Recording) => framesOf(prefix).every(({ type }) => type === 'ping');
const WAYS: readonly Way[] = [
  {
    how: 'ends in good order',
    cut: (call) => call.end(),
    code: (prefix) => (isSilent(prefix) ? 'upstream_unreadable' : 'upstream_cut'),
  },
  { how: 'is closed', cut: (call) => call.drop(), code: () => 'upstream_cut' },
  { how: 'is reset', cut: (call) => call.reset(), code: () => 'upstream_cut', isHasty: true },
];
const SILENCE: Way = { how: 'goes silent', cut: () => {}, code: () => 'stalled' };

function cutsOf(recording: Recording): readonly Cut[] {
  const { bytes } = recording;
  const stopAt = bytes.indexOf('\n\n', Math.max(bytes.indexOf('"stop_reason":"'), 0)) + 2;
  const byChance = Array.from({ length: PLACES_BY_CHANCE }, () => 1 + Math.floor(Math.random() * bytes.length));
  return [stopAt - 1, stopAt, ...byChance].map((after) => ({ recording, after }));
}

function expectedOf({ recording, after }: Cut, { code }: Way): Outcome {
  const prefix = prefixOf(recording, after);
  const { content, stopReason, usage } = answerOf(prefix);
  if (isSpliced(prefix)) return { content, end: 'upstream_unreadable', usage: undefined };
  return stopReason ? { content, end: stopReason, usage } : { content, end: code(prefix), usage: undefined };
}

async function play(live: RivuletServer, upstream: Upstream, cuts: readonly Cut[], way: Way): Promise<Outcome[]> {
  const begin = async ({ recording, after }: Cut) => {
    const prompt = promptByHand(`${recording.name} ${way.how}`);
    const reply = followReply(postPrompt(live.url, prompt, OWN_CONNECTION));
    const call = await upstream.nextCall(prompt);
    call.send(...piecesOf(recording.bytes.subarray(0, after)));
    if (way.isHasty) await reply.hasShown(lengthOf(expectedOf({ recording, after }, way)));
    else way.cut(call);
    return { reply, call };
  };
  const begun = await Promise.all(cuts.map(begin));
  if (way.isHasty) {
    await haveReadAll(live);
    for (const { call } of begun) way.cut(call);
  }
  return Promise.all(begun.map(({ reply }) => reply.outcome));
}

/** As the API writes them: each event by itself. */
function piecesOf(bytes: Buffer): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, end = 0; at < bytes.length; at = end) {
    const found = bytes.indexOf('\n\n', at);
    end = found === -1 ? bytes.length : found + 2;
    pieces.push(bytes.subarray(at, end));
  }
  return pieces;
}

const lengthOf = ({ content }: Outcome) => content.reduce((sum, { text }) => sum + text.length, 0);

/**
 * What is not shown, like a stop reason, nobody sees arrive. But a server that has answered twice has been through all
 * that waited on its other connections when the second request was made.
 */
async function haveReadAll(live: RivuletServer): Promise<void> {
  for (let round = 0; round < 2; round += 1) await (await fetch(`${live.url}/api/health`, OWN_CONNECTION)).text();
}

async function playAll(live: RivuletServer, upstream: Upstream, way: Way): Promise<void> {
  const cuts = recordings.flatMap(cutsOf);
  for (let at = 0; at < cuts.length; at += AT_ONCE) {
    const batch = cuts.slice(at, at + AT_ONCE);
    const outcomes = await play(live, upstream, batch, way);
    const named = (outcome: Outcome | undefined, cut: Cut) => ({
      name: cut.recording.name,
      after: cut.after,
      ...outcome,
    });
    expect(batch.map((cut, index) => named(outcomes[index], cut))).toEqual(
      batch.map((cut) => named(expectedOf(cut, way), cut)),
    );
  }
}

const count = recordings.length * (PLACES_BY_CHANCE + 2);

for (const way of WAYS) {
  test(`a stream that ${way.how} at any place is shown as far as it came: ${count} cuts`, async ({
    live,
    upstream,
  }) => {
    await playAll(live, upstream, way);
  });
}

test(`a stream that ${SILENCE.how} at any place is shown as far as it came: ${count} cuts`, async ({
  impatient,
  upstream,
}) => {
  await playAll(impatient, upstream, SILENCE);
});
