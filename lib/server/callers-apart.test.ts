import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCaller } from './caller.fixture';
import { produceByHand, START, STOPPED, settle } from './hand-fed.fixture';
import { resumeReply, stopReply } from './known-reply';
import { getReplies } from './replies';
import { giveSettings } from './settings.fixture';

let takeBack = () => {};
beforeAll(() => {
  takeBack = giveSettings({ MAX_CONCURRENT_REPLIES: '1000000', MAX_CONCURRENT_REPLIES_TOTAL: '1000000' });
});
afterAll(() => takeBack());

/** Both callers use the same names for their replies, as an attacker would who has seen one. */
const NAMES = ['first', 'second'].map((name) => name.padEnd(22, '-'));

const step = fc.record({
  who: fc.constantFrom(0, 1),
  name: fc.constantFrom(...NAMES),
  does: fc.constantFrom('begin', 'say', 'end', 'read', 'stop', 'forget'),
});
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

type Own = ReturnType<typeof produceByHand> & { words: number; isOver: boolean };

/** A caller, and by their names the replies that it has begun. */
class Person {
  readonly #caller = newCaller();
  readonly #replies = new Map<string, Own>();
  readonly #word: string;

  constructor(word: string) {
    this.#word = word;
  }

  /** How often each of its replies was told to end. */
  get ends(): readonly number[] {
    return [...this.#replies.values()].map(({ ends }) => ends.length);
  }

  async do({ name, does }: Step): Promise<void> {
    const own = this.#replies.get(name);
    const key = { callerId: this.#caller.id, replyId: name };
    const request = new Request(`http://localhost/api/chat/${name}`, { headers: this.#caller.headers });
    if (does === 'read') {
      const response = await resumeReply(request, name);
      expect(response.status).toBe(own ? 200 : 404);
      const text = own?.isOver === false ? await readNow(response) : await response.text();
      expect(text.match(/words of \w+/g) ?? []).toEqual(Array(own?.words ?? 0).fill(this.#word));
    }
    if (does === 'stop') {
      const stopping = stopReply(request, name);
      await settle();
      await this.#end(own);
      expect((await stopping).status).toBe(own ? 200 : 404);
    }
    if (does === 'begin' && !own) {
      const hand = produceByHand();
      getReplies().start(key, this.#caller.id, hand.produce);
      hand.say(START);
      this.#replies.set(name, { ...hand, words: 0, isOver: false });
    }
    if (does === 'say' && own?.isOver === false) {
      own.words += 1;
      own.say({ type: 'text-delta', text: this.#word });
    }
    if (does === 'end') await this.#end(own);
    if (does === 'forget' && own?.isOver) {
      getReplies().forget(key);
      this.#replies.delete(name);
    }
  }

  async leave(): Promise<void> {
    for (const name of NAMES) {
      await this.do({ who: 0, name, does: 'end' });
      await this.do({ who: 0, name, does: 'forget' });
    }
  }

  async #end(own: Own | undefined): Promise<void> {
    if (!own || own.isOver) return;
    own.isOver = true;
    own.say(STOPPED);
    await own.finish();
  }
}

describe('two callers', () => {
  it('never see, resume or stop each other’s replies, whatever they do in whichever order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        const one = new Person('words of one');
        const other = new Person('words of another');
        for (const each of steps) {
          const [acts, rests] = each.who === 0 ? [one, other] : [other, one];
          const endsBefore = rests.ends;
          await acts.do(each);
          expect(rests.ends).toEqual(endsBefore);
        }
        await one.leave();
        await other.leave();
      }),
      { numRuns: 300 },
    );
  });
});

/** What has been written to a stream by now; its reader leaves then. */
async function readNow({ body }: Response): Promise<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  void reader?.read().then(function add({ value }): unknown {
    text += value ?? '';
    return value === undefined ? undefined : reader.read().then(add);
  });
  await settle();
  await settle();
  await reader?.cancel();
  return text;
}
