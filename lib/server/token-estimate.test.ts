import { describe, expect, it } from 'vitest';
import type { ClaudeCall } from './claude';
import { modelOf } from './models';
import { estimateCall, estimateSpent } from './token-estimate';

const call = (fields: Partial<ClaudeCall>): ClaudeCall => ({
  model: modelOf('claude-sonnet-5-5'),
  system: [],
  messages: [],
  thinking: undefined,
  effort: undefined,
  maxTokens: 1000,
  ...fields,
});

describe('the estimate of a call', () => {
  it('is its longest answer, and a token for every three characters of what Claude reads', () => {
    const messages = [
      { role: 'user', content: 'x'.repeat(30) },
      { role: 'assistant', content: [{ type: 'text', text: 'x'.repeat(7) }] },
    ] as const;
    expect(estimateCall(call({ system: ['abc', 'def'], messages }))).toBe(1000 + 2 + 10 + 3);
  });

  it.each([
    ['an image, however large', { type: 'image', mediaType: 'image/png', data: 'x'.repeat(1_000_000) }, 4784],
    ['a PDF', { type: 'document', mediaType: 'application/pdf', data: 'x'.repeat(80_000) }, 2000],
    ['a text file', { type: 'document', mediaType: 'text/plain', data: 'x'.repeat(300) }, 100],
  ] as const)('counts %s', (_what, block, tokens) => {
    expect(estimateCall(call({ messages: [{ role: 'user', content: [block] }] }))).toBe(1000 + tokens);
  });
});

describe('what a reply has cost', () => {
  const line = (fields: object) => fields as Parameters<typeof estimateSpent>[0];
  const usage = { inputTokens: 10, outputTokens: 20, cacheReadTokens: 300, cacheWriteTokens: 4000 };

  it('is everything that Claude has counted, where it came to its end', () => {
    expect(estimateSpent(line({ ...usage, outcome: 'complete' }), 9000, 500)).toBe(4330);
  });

  it.each(['stopped', 'interrupted', 'abandoned'])('is what was shown, where it was %s before that', (outcome) => {
    expect(estimateSpent(line({ ...usage, outputTokens: 1, outcome }), 9000, 500)).toBe(4310 + 3000);
    expect(estimateSpent(line({ ...usage, outcome }), 0, 500)).toBe(4330);
  });

  it.each(['stopped', 'abandoned'])('is the question, where it was %s before Claude had counted it', (outcome) => {
    expect(estimateSpent(line({ outcome, attempts: 1 }), 0, 500)).toBe(500);
  });

  it('is nothing where Claude has refused it, or was never asked', () => {
    expect(estimateSpent(line({ outcome: 'failed', attempts: 3 }), 0, 500)).toBe(0);
    expect(estimateSpent(line({ outcome: 'stopped', attempts: 0 }), 0, 500)).toBe(0);
  });
});
