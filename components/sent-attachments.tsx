import { ImageOff } from 'lucide-react';
import { type ComponentType, useState } from 'react';
import { type Attachment, sizeText } from '@/lib/chat/attachment';
import { FileLabel } from './attachment-tray';
import type { AttachmentViewProps } from './attachment-view';
import { Lazy } from './lazy';
import { LazyPart } from './lazy-part';
import { useFileUrl } from './read-file';

const attachmentView = new Lazy<ComponentType<AttachmentViewProps>>(async () => {
  const { AttachmentView } = await import('./attachment-view');
  return AttachmentView;
});

type SentAttachmentsProps = { readonly attachments: readonly Attachment[] };

/** The files of a question, each of which opens. */
export function SentAttachments({ attachments }: SentAttachmentsProps) {
  const [opened, setOpened] = useState<Attachment | null>(null);
  return (
    <>
      <ul data-uncopied="" aria-label="Files" className="mb-3 flex flex-wrap gap-2">
        {attachments.map((attachment) => (
          <li key={attachment.id} className="max-w-full">
            <button
              type="button"
              title={`${attachment.name}, ${sizeText(attachment.bytes)}`}
              onClick={() => setOpened(attachment)}
              className="flex max-w-full overflow-hidden rounded-lg border border-line bg-surface text-start transition-colors hover:border-river"
            >
              <span className="sr-only">Open </span>
              {attachment.kind === 'image' ? (
                <Picture {...attachment} />
              ) : (
                <span className="flex h-14 min-w-0 pe-3">
                  <FileLabel {...attachment} />
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
      {opened && (
        <LazyPart
          part={attachmentView}
          props={{ attachment: opened, onClose: () => setOpened(null) }}
          isOpen
          onClose={() => setOpened(null)}
        />
      )}
    </>
  );
}

/** Pixels. A picture alone is to be recognized, and twenty of them are not to fill the window. */
const HEIGHT = 128;
const MAX_WIDTH = 256;

/** Its room is there before it is. */
function Picture({ id, name, width = HEIGHT, height = HEIGHT }: Attachment) {
  const url = useFileUrl(id);
  const room = { height: HEIGHT, width: Math.min(MAX_WIDTH, Math.max(48, (width / height) * HEIGHT)) };
  if (!url) {
    return (
      <span style={room} className="flex items-center justify-center bg-sunken text-muted">
        {url === null && <ImageOff aria-hidden="true" className="size-5" strokeWidth={1.5} />}
        <span className="sr-only">{name}</span>
      </span>
    );
  }
  // biome-ignore lint/performance/noImgElement: an address of this page alone, which no server knows
  return <img src={url} alt={name} style={room} className="max-w-full bg-sunken object-cover" />;
}
