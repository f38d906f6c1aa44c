import { useState } from 'react';
import { loadAnswerFonts } from '@/lib/browser/answer-fonts';
import { MarkdownStream } from '@/lib/markdown/markdown-stream';
import { DocumentView } from './markdown-blocks';

// Who can draw an answer can copy it too, and nothing more is fetched for it.
export { copiedHtml, copiedSelection } from '@/lib/browser/copied';

export type MarkdownProps = {
  readonly text: string;
  /** Sets the footnotes of this answer apart from those of the others on the page. */
  readonly id: string;
  /** Whether more may come. */
  readonly isStreaming: boolean;
};

/**
 * Renders sanitized Markdown. Raw HTML is dropped, links open elsewhere, and images wait for their reader: showing an answer
 * asks no other server for anything. What is too deep or too slow to draw is shown as it is.
 */
export default function Markdown({ text, id, isStreaming }: MarkdownProps) {
  const [stream] = useState(() => new MarkdownStream(`answer-${id}-`));
  return <DocumentView {...stream.update(text, !isStreaming)} />;
}

const SAMPLE =
  '# A\n\n*b* **c** `d` [e](https://example.com)\n\n- f\n\n1. g\n\n> h\n\n```js\ni\n```\n\n| j |\n|---|\n| k |\n';

/**
 * Parses a text that nobody sees: the first one of a page takes several times as long, for its code is compiled then. And
 * fetches its typeface.
 */
export function warmUp(): void {
  loadAnswerFonts();
  new MarkdownStream('').update(SAMPLE, true);
}
