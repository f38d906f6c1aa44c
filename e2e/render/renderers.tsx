import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import NaiveMarkdown from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import Markdown from '@/components/markdown';

/** Draws the whole text so far into an element. It has been drawn when the call returns. */
export type Renderer = {
  readonly draw: (text: string, isComplete: boolean) => void;
  readonly remove: () => void;
};

export type RendererName = 'floor' | 'naive' | 'ours';

export const RENDERERS: Readonly<Record<RendererName, (host: HTMLElement) => Renderer>> = {
  floor: drawLines,
  naive: inReact((text) => (
    <NaiveMarkdown remarkPlugins={[remarkGfm]} rehypePlugins={[rehypeSanitize]}>
      {text}
    </NaiveMarkdown>
  )),
  ours: inReact((text, isComplete) => <Markdown {...{ id: 'a', text, isStreaming: !isComplete }} />),
};

/** The least that any renderer has to do: an element per line, of which only the last one is touched. */
function drawLines(host: HTMLElement): Renderer {
  let drawnChars = 0;
  let last = appendLine(host);
  return {
    draw(text) {
      const [rest = '', ...lines] = text.slice(drawnChars).split('\n');
      drawnChars = text.length;
      last.appendData(rest);
      for (const line of lines) {
        last = appendLine(host);
        last.appendData(line);
      }
    },
    remove: () => host.replaceChildren(),
  };
}

function appendLine(host: HTMLElement): Text {
  const line = document.createElement('div');
  line.className = 'floor-line';
  const text = document.createTextNode('');
  line.append(text);
  host.append(line);
  return text;
}

function inReact(element: (text: string, isComplete: boolean) => ReactNode): (host: HTMLElement) => Renderer {
  return (host) => {
    const root = createRoot(host);
    return {
      draw: (text, isComplete) => flushSync(() => root.render(element(text, isComplete))),
      remove: () => root.unmount(),
    };
  };
}
