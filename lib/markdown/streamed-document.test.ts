import { describe, expect, it } from 'vitest';
import type { Block } from './block';
import { ParseBudget } from './parse-budget';
import { StreamedDocument } from './streamed-document';

/** The first child of the first child …: of a document, this deep. */
function firstOf(blocks: readonly (readonly Block[])[], depth: number): Block | undefined {
  const first = blocks[0]?.find((block) => typeof block !== 'string');
  if (depth === 0 || first === undefined || typeof first === 'string' || first.type !== 'branch') return first;
  return firstOf(first.children, depth - 1);
}

describe('what comes before a block is settled by the first letter of that block', () => {
  it.each([
    ['a paragraph by a paragraph', 'One **word**.\n\nT', 0],
    ['a paragraph by a heading', 'One **word**.\n\n## T', 0],
    ['an item by an item', '- One\n- T', 1],
    ['an item of a list of tasks', '- [x] One\n- [ ] T', 1],
    ['an item of a quoted list', '> 1. One\n> 2. T', 2],
    ['a paragraph of a quote', '> One\n>\n> T', 1],
    ['the head of a table by its rows', '| One |\n|---|\n| a |\n| b |\n|', 1],
  ])('%s', (_, text, depth) => {
    const document = new StreamedDocument('');
    document.append(text);
    const settled = firstOf(document.draw().blocks, depth);
    expect(settled).toBeDefined();
    for (const delta of ['w', 'o', '\n', 'and more', '\n\n', 'Three']) {
      document.append(delta);
      expect(firstOf(document.draw().blocks, depth)).toBe(settled);
    }
  });
});

describe('what may still change is not settled', () => {
  it.each([
    ['a paragraph that may become a heading', 'One\n-', '--\n', 'h2'],
    ['a line that may become the head of a table', '| One |\n|', '---|\n', 'table'],
    ['a tight list that may become loose', '- One\n- Two\n', '\n- Three\n- Four', 'ul'],
  ])('%s', (_, text, delta, tagName) => {
    const document = new StreamedDocument('');
    document.append(text);
    document.draw();
    document.append(delta);
    const whole = new StreamedDocument('');
    whole.append(text + delta);
    const drawn = document.draw();
    expect(drawn).toEqual(whole.draw());
    expect(firstOf(drawn.blocks, 0)).toMatchObject({ tagName });
  });
});

const DEEP = `${'> '.repeat(150)}deep`;

describe('a block that is too deep is plain text', () => {
  const text = `One **word**.\n\n- Two\n\n${DEEP}\n\nThree *words*.\n\n${DEEP}`;

  it.each([
    ['as a whole', text.length],
    ['in small pieces', 7],
    ['by the letter', 1],
  ])('and no other is, if the text comes %s', (_, size) => {
    const document = new StreamedDocument('');
    for (let start = 0; start < text.length; start += size) {
      document.append(text.slice(start, start + size));
      document.draw();
    }
    const { blocks, isPartlyPlain } = document.complete();
    expect(isPartlyPlain).toBe(true);
    expect(blocks.flat().map(kindOf)).toEqual([
      'p',
      'line end',
      'ul',
      'line end',
      DEEP,
      'line end',
      'p',
      'line end',
      DEEP,
    ]);
  });
});

/** The text of a block, deep down. */
function textOf(block: Block): string {
  if (typeof block === 'string') return block;
  if (block.type === 'plain') return block.text;
  if (block.type === 'code') return block.lines.flat().join('');
  if (block.type === 'branch') return block.children.flat().map(textOf).join('');
  return JSON.stringify(block.children);
}

it('a block that is too slow is shown once', () => {
  let nowMs = 0;
  const isSlow = () => {
    nowMs += 5000;
    return nowMs;
  };
  const document = new StreamedDocument('', new ParseBudget(isSlow));
  const items = Array.from({ length: 200 }, (_, at) => `- item ${at} of many`);
  document.append(`# Head\n\n${items.join('\n')}`);
  const { blocks } = document.complete();
  const text = blocks.flat().map(textOf).join('');
  for (const item of ['item 0 of', 'item 77 of', 'item 199 of']) expect(text.split(item)).toHaveLength(2);
});

describe('what is defined late', () => {
  it.each([
    ['a line that is too slow to parse', '- '.repeat(4000)],
    ['a block that is too deep', '- > '.repeat(120)],
  ])('leaves %s alone', (_, hostile) => {
    const document = new StreamedDocument('');
    for (const piece of [
      '# H [x]\n',
      '- a [x]\n\n',
      hostile,
      'deep\n\n',
      'More words here.\n\n',
      '[x]: /u\n\n',
      'End.',
    ]) {
      document.append(piece);
      document.draw();
    }
    const { blocks } = document.complete();
    expect(blocks.flat().filter((block) => typeof block !== 'string' && block.type === 'plain')).toHaveLength(1);
    expect(blocks.flat().map(textOf).join('').split('deep')).toHaveLength(2);
  });

  it('is known where a block that is too deep came with it', () => {
    const document = new StreamedDocument('');
    for (const piece of ['See [x].\n\nNext.\n\n', `[x]: /u\n\n${'- '.repeat(60)}deep\n\nEnd.\n\nLast.`]) {
      document.append(piece);
      document.draw();
    }
    expect(JSON.stringify(document.complete().blocks)).toContain('"href":"/u"');
  });
});

function kindOf(block: Block): string {
  if (typeof block === 'string') return block === '\n' ? 'line end' : block;
  if (block.type === 'plain') return block.text;
  return block.type === 'code' ? 'code' : block.tagName;
}
