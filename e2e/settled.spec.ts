import { expect, test } from './fixtures';
import { fence, mixed, nestedList, table } from './render-blocks';
import { cut } from './render-documents';
import { Prose } from './render-prose';
import type { SettledReport } from './settled-nodes';
import { WatchedAnswer } from './watched-answer';

const PIECE_CHARS = 24;

const STREAMS: readonly (readonly [name: string, leastSettled: number, text: string])[] = [
  ['an answer of all kinds of blocks', 50, ofAllKinds(new Prose(11))],
  ['a long fence', 100, fence(new Prose(12), 6_000)],
  ['a long list of lists', 30, nestedList(new Prose(13), 6_000)],
  ['a long table', 50, table(new Prose(14), 60)],
];

for (const [name, leastSettled, text] of STREAMS) {
  test(`what is settled of ${name} is never touched again`, async ({ page, upstream }) => {
    const answer = await WatchedAnswer.begin(page, upstream);
    const pieces = cut({ text: `\n\n${text}`, updates: Math.ceil(text.length / PIECE_CHARS) });
    await answer.stream(pieces);
    const report = await answer.finish();
    expect(report.updates, 'it came in pieces').toBeGreaterThan(pieces.length / 10);
    expect(report.settled).toBeGreaterThan(leastSettled);
    expect(harmIn(report)).toEqual({ moved: [], changed: [], touches: [] });
  });
}

const CLAIM = '\n\nFirst.\n\n- one\n- two\n- three\n\nSee [this][source] and[^source] that.\n\n';
const MORE = 'Second.\n\nThird.\n\n> Fourth.\n\nFifth.\n\n';

test('a link that is defined late changes the paragraph that uses it, once, and nothing else', async ({
  page,
  upstream,
}) => {
  const answer = await WatchedAnswer.begin(page, upstream);
  await answer.grow(CLAIM + MORE, 'Fifth.');
  await answer.grow('[source]: https://example.com/\n\nSixth.\n\nSeventh.\n\nEighth.', 'See this and');
  await expect(page.getByRole('link', { name: 'this' })).toHaveAttribute('href', 'https://example.com/');
  const claim = 'p: See this and[^source] that.';
  expect(harmIn(await answer.finish())).toEqual({ moved: [], changed: [claim], touches: [[claim]] });
});

test('a footnote that comes late changes the paragraph that refers to it, once, and nothing else', async ({
  page,
  upstream,
}) => {
  const answer = await WatchedAnswer.begin(page, upstream);
  await answer.grow(CLAIM + MORE, 'Fifth.');
  await answer.grow('[^source]: A note.\n\nSixth.\n\nSeventh.\n\nEighth.', 'A note.');
  const claim = 'p: See [this][source] and1 that.';
  expect(harmIn(await answer.finish())).toEqual({ moved: [], changed: [claim], touches: [[claim]] });
});

test('a list that turns loose keeps its items, and changes once', async ({ page, upstream }) => {
  const answer = await WatchedAnswer.begin(page, upstream);
  await answer.grow('\n\nFirst.\n\n', 'First.');
  for (const word of ['one', 'two', 'three', 'four', 'five']) await answer.grow(`- ${word}\n`, word);
  for (const word of ['six', 'seven', 'eight']) await answer.grow(`\n- ${word}\n`, word);
  await answer.grow(`\n${MORE}`, 'Fifth.');
  await expect(page.getByRole('listitem').getByRole('paragraph')).toHaveCount(8);
  const items = ['li: one', 'li: two', 'li: three'];
  expect(harmIn(await answer.finish())).toEqual({ moved: [], changed: items, touches: [items] });
});

test('a list that turns loose keeps the lists and the code in its items', async ({ page, upstream }) => {
  const answer = await WatchedAnswer.begin(page, upstream);
  await answer.grow('\n\nFirst.\n\n', 'First.');
  for (const word of ['one', 'two', 'three', 'four']) {
    await answer.grow(`- ${word}\n  - in ${word}\n  \`\`\`\n  code of ${word}\n  \`\`\`\n`, `code of ${word}`);
  }
  const inItems = await page.locator('li > :is(ul, figure)').elementHandles();
  expect(inItems.length).toBeGreaterThan(6);
  for (const word of ['five', 'six']) await answer.grow(`\n- ${word}\n`, word);
  await answer.grow(`\n${MORE}`, 'Fifth.');
  await expect(page.getByRole('listitem').getByRole('paragraph')).toHaveCount(6);
  await answer.finish();
  for (const element of inItems) expect(await element.evaluate(({ isConnected }) => isConnected)).toBe(true);
});

const harmIn = ({ moved, changed, touches }: SettledReport) => ({ moved, changed, touches });

function ofAllKinds(prose: Prose): string {
  const loose = Array.from({ length: 5 }, (_, at) => `${at + 1}. ${prose.sentence()}\n\n   ${prose.paragraph(2)}`);
  const quote = Array.from({ length: 5 }, () => `> ${prose.paragraph(1)}`);
  const parts = [mixed(prose, 3_600, 3), `# ${prose.title()}`, nestedList(prose, 800), loose.join('\n\n')];
  return [...parts, `# ${prose.title()}`, quote.join('\n>\n'), '---', fence(prose, 300), prose.paragraph(2)].join(
    '\n\n',
  );
}
