import { describe, expect, it } from 'vitest';
import { Clock } from './clock.fixture';
import { CodeHighlighter, type StartCodeWorker, StuckCodeError } from './code-highlighter';
import type { CodeAnswer, CodeRequest } from './code-message';

class Workers {
  readonly clock = new Clock();
  readonly all: { requests: CodeRequest[]; answer: (answer: CodeAnswer) => void; fail: () => void; isGone: boolean }[] =
    [];

  readonly start: StartCodeWorker = (answer, fail) => {
    const worker = { requests: [] as CodeRequest[], answer, fail, isGone: false };
    this.all.push(worker);
    return {
      postMessage: (request) => worker.requests.push(request),
      terminate: () => {
        worker.isGone = true;
      },
    };
  };

  readonly highlighter = new CodeHighlighter({ startWorker: this.start, schedule: this.clock.schedule });
}

describe('the highlighter', () => {
  it('starts one worker, when it is first needed', () => {
    const { all, highlighter } = new Workers();
    expect(all).toHaveLength(0);
    highlighter.open('typescript');
    highlighter.open('python').close();
    expect(all.map(({ requests }) => requests)).toEqual([
      [
        { type: 'open', blockId: 1, language: 'typescript' },
        { type: 'open', blockId: 2, language: 'python' },
        { type: 'close', blockId: 2 },
      ],
    ]);
  });

  it('gives each block its own answers', async () => {
    const { all, highlighter, clock } = new Workers();
    const [one, two] = [highlighter.open('typescript'), highlighter.open('python')];
    const answers = [one.colour(['a\n']), two.colour(['b\n'])];
    all[0]?.answer({ blockId: 2, colours: [[1, 2]] });
    all[0]?.answer({ blockId: 1, colours: [[1, 1]] });
    expect(await Promise.all(answers)).toEqual([[[1, 1]], [[1, 2]]]);
    expect(clock.size).toBe(0);
  });

  it.each([
    ['cannot be fetched', (workers: Workers) => workers.all[0]?.fail()],
    ['cannot fetch a grammar', (workers: Workers) => workers.all[0]?.answer({ blockId: 1, colours: null })],
  ])('throws a worker away that %s, and starts another for who tries again', async (_, befall) => {
    const workers = new Workers();
    const { all, highlighter, clock } = workers;
    const [one, two] = [highlighter.open('typescript'), highlighter.open('python')];
    const outcomes = Promise.allSettled([one.colour(['a\n']), two.colour(['b\n'])]);
    befall(workers);
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(two.colour(['c\n'])).rejects.toThrow('gone');
    const again = highlighter.open('typescript').colour(['a\n']);
    all[1]?.answer({ blockId: 3, colours: [[1, 1]] });
    expect(await again).toEqual([[1, 1]]);
    expect([all.length, all[0]?.isGone, clock.size]).toEqual([2, true, 0]);
  });

  it('tells the code that a worker is stuck in from the code behind it', async () => {
    const { all, highlighter, clock } = new Workers();
    const stuck = highlighter.open('typescript');
    const reasons = [stuck.colour(['a\n'])];
    stuck.close();
    await clock.pass(1000);
    reasons.push(highlighter.open('python').colour(['b\n']));
    const outcomes = Promise.all(reasons.map((promise) => promise.catch((error: unknown) => error)));
    await clock.pass(29_000);
    const [first, second] = await outcomes;
    expect(first).toBeInstanceOf(StuckCodeError);
    expect(second).not.toBeInstanceOf(StuckCodeError);
    expect(all[0]?.isGone).toBe(true);
  });

  it('rejects where the browser allows no worker', async () => {
    const refuse: StartCodeWorker = () => {
      throw new Error('not allowed');
    };
    const session = new CodeHighlighter({ startWorker: refuse }).open('typescript');
    await expect(session.colour(['a\n'])).rejects.toThrow('gone');
  });
});
