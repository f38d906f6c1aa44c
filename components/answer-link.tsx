import { type ComponentProps, createContext, isValidElement, type ReactNode, use } from 'react';
import { findLinkTarget, isMisleading } from '@/lib/markdown/link-target';

/** Whether something stands in a link: there it can be none itself. */
export const InLink = createContext(false);

type AnswerLinkProps = Pick<ComponentProps<'a'>, 'href' | 'id' | 'aria-label' | 'children'>;

/** A link of an answer. It opens elsewhere, and where its text reads like another address, the true one follows. */
export function AnswerLink({ href, id, 'aria-label': label, children }: AnswerLinkProps) {
  const isInLink = use(InLink);
  const target = isInLink ? null : findLinkTarget(href);
  if (!target) return <span id={id}>{children}</span>;
  const content = <InLink value={true}>{children}</InLink>;
  if (target.type === 'here') {
    return (
      <a href={target.href} id={id} aria-label={label}>
        {content}
      </a>
    );
  }
  const text = textOf(children);
  return (
    <>
      <a
        href={target.href}
        title={text === target.href ? undefined : target.href}
        rel="noopener noreferrer"
        target={target.type === 'web' ? '_blank' : undefined}
      >
        {content}
      </a>
      {isMisleading(text, target.place) && (
        <span className="font-sans text-[0.8em] text-muted [unicode-bidi:isolate]"> ({target.place})</span>
      )}
    </>
  );
}

/** What is to be read of it. */
function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  if (Array.isArray(node)) return node.map(textOf).join('');
  if (!isValidElement<{ children?: ReactNode; alt?: string }>(node)) return '';
  return node.props.alt ? ` ${node.props.alt} ` : textOf(node.props.children);
}
