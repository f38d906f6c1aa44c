import { describe, expect, it } from 'vitest';
import { readAnswer } from './answers';
import { type Attempt, SCENARIOS, scenarioOf } from './scenarios';
import { scriptResponse } from './script';

const REQUEST = { model: 'a-model', messages: ['Hi'] };
const attempts = SCENARIOS.flatMap((scenario) => scenario.attempts);
const answersOf = (attempt: Attempt) =>
  attempt.kind === 'refused-request' ? [] : [attempt.text, attempt.thinking].filter((name) => name !== undefined);

/** The texts of the deltas of an answer, one for each frame that has one. */
const deltasOf = (attempt: Attempt) =>
  scriptResponse(attempt, REQUEST, 'x').frames.flatMap(
    ({ frame }) =>
      (JSON.parse(frame.match(/^data: (.*)$/m)?.[1] ?? '') as { delta?: { text?: string } }).delta?.text ?? [],
  );

describe('the scenarios', () => {
  it('have ids and prompts of their own', () => {
    expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(SCENARIOS.length);
    expect(new Set(SCENARIOS.map(({ prompt }) => prompt)).size).toBe(SCENARIOS.length);
  });

  it.each([...new Set([...attempts.flatMap(answersOf), 'simulated'])])('have the answer “%s” to read', (name) => {
    expect(readAnswer(name).trim()).not.toBe('');
  });

  it('have one answer of 20 KB or more', () => {
    const sizes = attempts.flatMap(answersOf).map((name) => Buffer.byteLength(readAnswer(name)));
    expect(Math.max(...sizes)).toBeGreaterThanOrEqual(20_000);
  });

  it('are found by their prompt, white space at its ends aside, and there is one for anything else', () => {
    for (const scenario of SCENARIOS) expect(scenarioOf(` ${scenario.prompt}\n`)).toBe(scenario);
    expect(scenarioOf('anything').id).toBe('simulated');
  });
});

describe('scriptResponse', () => {
  it('sends a whole text in small pieces, always alike', () => {
    const attempt: Attempt = { kind: 'answer', text: 'guide', stopReason: 'end_turn' };
    const pieces = deltasOf(attempt);
    expect(pieces.join('')).toBe(readAnswer('guide'));
    expect(Math.max(...pieces.map((piece) => Array.from(piece).length))).toBeLessThan(30);
    expect(deltasOf(attempt)).toEqual(pieces);
  });

  it('streams at the pace of a fast model', () => {
    const { frames } = scriptResponse({ kind: 'answer', text: 'guide', stopReason: 'end_turn' }, REQUEST, 'x');
    const seconds = frames.reduce((sum, { pauseMs }) => sum + pauseMs, 0) / 1000;
    const tokens = readAnswer('guide').length / 4;
    expect(tokens / seconds).toBeGreaterThan(60);
    expect(tokens / seconds).toBeLessThan(200);
  });

  it.each(['drop', 'stall'] as const)('sends nothing behind the last words when the connection is to %s', (end) => {
    const response = scriptResponse({ kind: 'broken-answer', text: 'drop', afterChars: 10, end }, REQUEST, 'x');
    expect(response.end).toBe(end);
    expect(response.frames.at(-1)?.frame).toContain('text_delta');
  });

  it('says with an error when to come back, where the scenario says so', () => {
    const refused = { kind: 'refused-request', status: 529, errorType: 'overloaded_error' } as const;
    expect(scriptResponse({ ...refused, retryAfterSeconds: 2 }, REQUEST, 'x').headers['retry-after']).toBe('2');
    expect(scriptResponse(refused, REQUEST, 'x').headers).not.toHaveProperty('retry-after');
  });
});
