import { useEffect, useState } from 'react';
import { CodeColouring } from '@/lib/browser/code-colouring';
import { CodeHighlighter } from '@/lib/browser/code-highlighter';
import type { LanguageId } from '@/lib/browser/code-language';

const highlighter = new CodeHighlighter();

/** The colours of a growing block, fetched when it is on the page and dropped with it; none for an unknown language. */
export function useCodeColouring(
  language: LanguageId | undefined,
  lines: readonly (readonly string[])[],
  isStreaming: boolean,
): CodeColouring | null {
  const [colouring] = useState(() => (language ? new CodeColouring({ open: () => highlighter.open(language) }) : null));
  useEffect(() => colouring?.update(lines, isStreaming), [colouring, lines, isStreaming]);
  useEffect(() => () => colouring?.close(), [colouring]);
  return colouring;
}
