import type { Element, Properties } from 'hast';
import { toJsxRuntime } from 'hast-util-to-jsx-runtime';
import { type ComponentProps, cloneElement, Fragment, memo, type ReactElement } from 'react';
import { jsx, jsxs } from 'react/jsx-runtime';
import { findCodeLanguage } from '@/lib/browser/code-language';
import type { Block, Code } from '@/lib/markdown/block';
import type { Group } from '@/lib/markdown/groups';
import type { MarkdownDocument } from '@/lib/markdown/streamed-document';
import { AnswerLink } from './answer-link';
import { AnswerTable } from './answer-table';
import { CodeBlock } from './code-block';
import { DiagramBlock } from './diagram-block';
import { ForeignImage } from './foreign-image';
import { Formula } from './formula';
import { PlainNotice, PlainText } from './plain-text';

/** A document with its footnotes at the end. */
export function DocumentView({ blocks, footnotes, isPartlyPlain }: MarkdownDocument) {
  return (
    <>
      <Blocks groups={blocks} />
      {footnotes && <Blocks groups={[['\n', footnotes]]} />}
      {isPartlyPlain && <PlainNotice />}
    </>
  );
}

/** Blocks one after the other. A group that is full is drawn once; what is appended touches the last one alone. */
function Blocks({ groups }: { readonly groups: readonly Group<Block>[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: blocks only come at the end, and never move
  return groups.map((group, index) => <BlockGroup key={index} group={group} />);
}

/** A block is known by its kind and its number among those of its kind: text and line ends around it come and go. */
const BlockGroup = memo(function BlockGroup({ group }: { readonly group: Group<Block> }) {
  const counts: Record<string, number> = {};
  return group.map((block) => {
    if (typeof block === 'string') return block;
    const kind = 'tagName' in block ? block.tagName : block.type;
    const number = (counts[kind] ?? 0) + 1;
    counts[kind] = number;
    return <BlockView key={`${kind}-${number}`} block={block} />;
  });
});

const BlockView = memo(function BlockView({ block }: { readonly block: Exclude<Block, string> }) {
  if (block.type === 'plain') return <PlainText text={block.text} />;
  if (block.type === 'code') return <CodeView {...block} />;
  if (block.type === 'element') return draw(block);
  return cloneElement(shellOf(block.tagName, block.properties), undefined, <Blocks groups={block.children} />);
});

/** GitHub writes formulas as code in the language `math` too. */
export function CodeView({ language, lines, isOpen }: Code) {
  const isFormula = language === 'math' || language === 'math-open';
  if (findCodeLanguage(language)?.id === 'mermaid') {
    return <DiagramBlock language={language} lines={lines} isStreaming={isOpen} />;
  }
  if (!isFormula) return <CodeBlock language={language} lines={lines} isStreaming={isOpen} />;
  return <Formula tex={lines.flat().join('')} isDisplay isOpen={isOpen || language === 'math-open'} />;
}

const shellOf = (tagName: string, properties: Properties) =>
  draw({ type: 'element', tagName, properties, children: [] });

const draw = (element: Element): ReactElement =>
  toJsxRuntime(element, { Fragment, jsx, jsxs, components: COMPONENTS, ignoreInvalidStyle: true });

/** What is drawn otherwise than its name says. */
export const COMPONENTS = {
  a: AnswerLink,
  img: ForeignImage,
  // The one heading with an id has the same in each answer.
  h2: ({ className, children }: ComponentProps<'h2'>) => <h2 className={className}>{children}</h2>,
  // Marks and indentation are on the side where the text of a list or a quote begins; lines of text see to themselves.
  ul: (props: ComponentProps<'ul'>) => <ul dir="auto" {...props} />,
  ol: (props: ComponentProps<'ol'>) => <ol dir="auto" {...props} />,
  blockquote: (props: ComponentProps<'blockquote'>) => <blockquote dir="auto" {...props} />,
  table: AnswerTable,
  code: ({ className, children }: ComponentProps<'code'>) =>
    className?.startsWith('language-math') && typeof children === 'string' ? (
      <Formula tex={children} isDisplay={className === 'language-math-display'} />
    ) : (
      <code>{children}</code>
    ),
  input: (props: ComponentProps<'input'>) => <input {...props} aria-label={props.checked ? 'Done' : 'To do'} />,
};
