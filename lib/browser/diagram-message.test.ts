import { expect, it } from 'vitest';
import { type DiagramProblem, readDiagramNews } from './diagram-message';
import { sentenceOf } from './diagram-problem';

it.each([
  { type: 'begun' },
  { type: 'loaded' },
  { type: 'drawn', height: 120, title: 'A, B' },
  { type: 'failed', problem: 'syntax', line: 3 },
  { type: 'failed', problem: 'too-large' },
])('%j is news of a frame', (news) => {
  expect(readDiagramNews({ ...news, more: '<b>' })).toEqual(news);
});

it.each([
  null,
  'drawn',
  [],
  {},
  { type: 'done' },
  { type: 'drawn', height: '120', title: 'A' },
  { type: 'drawn', height: Number.NaN, title: 'A' },
  { type: 'drawn', height: -1, title: 'A' },
  { type: 'drawn', height: Number.POSITIVE_INFINITY, title: 'A' },
  { type: 'drawn', height: 120 },
  { type: 'failed', problem: '<img src=x>' },
  { type: 'failed', problem: 'constructor' },
])('%j is none', (data) => {
  expect(readDiagramNews(data)).toBeNull();
});

it('a title has an end', () => {
  expect(readDiagramNews({ type: 'drawn', height: 1, title: 'a'.repeat(10_000) })).toMatchObject({
    title: 'a'.repeat(120),
  });
});

it.each<[DiagramProblem, number | undefined, string]>([
  ['syntax', undefined, 'This diagram cannot be drawn: its text is not understood.'],
  ['syntax', 3, 'This diagram cannot be drawn: line 3 is not understood.'],
  ['image', undefined, 'This diagram cannot be drawn: it asks another server for an image.'],
  ['too-large', undefined, 'This diagram is too large to draw.'],
  ['too-slow', undefined, 'This diagram took too long to draw.'],
  ['unloaded', undefined, 'What draws diagrams could not be loaded. Check the connection and try again.'],
])('%s (line %s) has its sentence', (problem, line, sentence) => {
  expect(sentenceOf(problem, line)).toBe(sentence);
});
