import { type ComponentProps, use, useState } from 'react';
import { findPictureUrl, picturePath } from '@/lib/protocol/picture';
import { AnswerLink, InLink } from './answer-link';

type ForeignImageProps = Pick<ComponentProps<'img'>, 'src' | 'alt'>;

/** An image of an answer. Its server learns of the reader when the reader wants to see it, and not before. */
export function ForeignImage({ src, alt }: ForeignImageProps) {
  const isInLink = use(InLink);
  const url = typeof src === 'string' ? findPictureUrl(src) : null;
  if (url && !isInLink) return <ShownOnDemand url={url} description={alt} />;
  return <AnswerLink href={typeof src === 'string' ? src : undefined}>Image: {alt || 'no description'}</AnswerLink>;
}

type ShownOnDemandProps = { readonly url: URL; readonly description: string | undefined };

/** Elements of a line alone: an image stands in one. */
function ShownOnDemand({ url, description }: ShownOnDemandProps) {
  const [isShown, setIsShown] = useState(false);
  const name = description ? `image: ${description}` : 'image';
  return (
    <span data-image={url.href} data-alt={description}>
      <button
        type="button"
        aria-expanded={isShown}
        onClick={() => setIsShown(!isShown)}
        className="rounded-lg border border-line bg-sunken px-3 py-1 text-start font-sans text-sm transition-colors hover:border-river pointer-coarse:min-h-11"
      >
        {isShown ? 'Hide' : 'Show'} {name} <span className="text-muted [unicode-bidi:isolate]">({url.host})</span>
      </button>
      {isShown && (
        <>
          {' '}
          <span className="font-sans text-sm">
            <AnswerLink href={url.href}>Open in a new tab</AnswerLink>
          </span>
          <iframe
            src={picturePath(url)}
            title={description ? `Image: ${description}` : `Image from ${url.host}`}
            sandbox=""
            referrerPolicy="no-referrer"
            loading="lazy"
            // The page in it has the colours of the system. Had its frame others, the browser would put a ground behind it.
            className="mt-2 block h-[min(24rem,60dvh)] w-full rounded-lg border border-line [color-scheme:light_dark]"
          />
        </>
      )}
    </span>
  );
}
