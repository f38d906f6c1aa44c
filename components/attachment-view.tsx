import { Download } from 'lucide-react';
import { use, useEffect, useRef, useState } from 'react';
import { type Attachment, sizeText } from '@/lib/chat/attachment';
import { CloseButton } from './close-button';
import { ReadFile, useFileUrl } from './read-file';

export type AttachmentViewProps = { readonly attachment: Attachment; readonly onClose: () => void };

/** A file of a question, large, over the conversation. */
export function AttachmentView({ attachment, onClose }: AttachmentViewProps) {
  const { id, name, kind, bytes } = attachment;
  const ref = useRef<HTMLDialogElement>(null);
  const url = useFileUrl(id);

  useEffect(() => {
    ref.current?.showModal();
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog, and there is a button
    <dialog
      ref={ref}
      aria-label={name}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && ref.current?.close()}
      className="attachment-view"
    >
      <div className="flex h-14 shrink-0 items-center gap-1 ps-4 pe-1.5">
        <p dir="auto" className="min-w-0 flex-1 truncate font-semibold text-sm">
          {name} <span className="font-normal text-muted">{sizeText(bytes)}</span>
        </p>
        {url && (
          <a
            href={url}
            download={name}
            aria-label="Download"
            title="Download"
            className="flex size-9 shrink-0 items-center justify-center rounded-lg text-muted transition-colors hover:text-ink pointer-coarse:size-11"
          >
            <Download aria-hidden="true" className="size-4" strokeWidth={1.75} />
          </a>
        )}
        <CloseButton label="Close" onClick={() => ref.current?.close()} />
      </div>
      {kind === 'image' && url && (
        // biome-ignore lint/performance/noImgElement: an address of this page alone, which no server knows
        <img src={url} alt={name} className="min-h-0 max-w-full self-center object-contain" />
      )}
      {kind === 'text' && <TextContent id={id} />}
      {kind === 'pdf' && url && <p className="px-4 pb-5 text-muted text-sm">Download it to read it.</p>}
      {url === null && <p className="px-4 pb-5 text-muted text-sm">This file is no longer in this browser.</p>}
    </dialog>
  );
}

function TextContent({ id }: Pick<Attachment, 'id'>) {
  const read = use(ReadFile);
  const [text, setText] = useState('');
  useEffect(() => {
    void read(id)
      .then((blob) => blob?.text() ?? '')
      .then(setText);
  }, [id, read]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section aria-label="Content" tabIndex={0} className="attachment-text">
      <pre
        dir="auto"
        className="whitespace-pre-wrap font-mono text-[0.8125rem] leading-relaxed [overflow-wrap:anywhere]"
      >
        {text}
      </pre>
    </section>
  );
}
