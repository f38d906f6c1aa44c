import { FileText, LoaderCircle, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { type Attachment, sizeText } from '@/lib/chat/attachment';
import { CloseButton } from './close-button';
import { FitNotice, type FitNoticeProps } from './fit-notice';
import { useFileUrl } from './read-file';
import type { ComposerFiles } from './use-draft-files';

type AttachmentTrayProps = Omit<FitNoticeProps, 'canSend'> & {
  readonly state: ComposerFiles['state'];
  readonly onRemove: (id: string) => void;
  readonly onDismiss: () => void;
};

/** So many sentences are read; of more, their number says enough. */
const MAX_PROBLEMS = 3;

/** What goes along with the message that is being written, and why the rest does not. */
export function AttachmentTray({ state, onRemove, onDismiss, ...notice }: AttachmentTrayProps) {
  const { attachments, pending, problems } = state;
  return (
    <>
      {attachments.length + pending.length > 0 && (
        <ul
          aria-label="Attached files"
          className="flex max-h-[30dvh] flex-wrap gap-2 overflow-y-auto px-3 pt-3 sm:px-4"
        >
          {attachments.map((attachment) => (
            <Chip key={attachment.id} name={attachment.name} onRemove={() => onRemove(attachment.id)}>
              {attachment.kind === 'image' ? <Thumbnail {...attachment} /> : <FileLabel {...attachment} />}
            </Chip>
          ))}
          {pending.map(({ id, name }) => (
            <Chip key={id} name={name} onRemove={() => onRemove(id)}>
              <span className="flex h-full max-w-44 items-center gap-2 ps-3 pe-1 text-muted text-sm">
                <LoaderCircle aria-hidden="true" className="size-4 shrink-0 motion-safe:animate-spin" />
                <span className="truncate">{name}</span>
                <span className="sr-only">is being read</span>
              </span>
            </Chip>
          ))}
        </ul>
      )}
      <section
        aria-label="Files"
        aria-live="polite"
        className="text-sm not-empty:px-3 not-empty:pt-2 sm:not-empty:px-4"
      >
        {problems.length > 0 && (
          <div className="flex items-start gap-2 text-warning">
            <ul className="min-w-0 flex-1 py-1.5 [overflow-wrap:anywhere] pointer-coarse:py-3">
              {problems.slice(0, MAX_PROBLEMS).map((problem, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two sentences may be the same, and none moves
                <li key={at}>{problem}</li>
              ))}
              {problems.length > MAX_PROBLEMS && <li>{problems.length - MAX_PROBLEMS} more were not attached.</li>}
            </ul>
            <CloseButton label="Dismiss" onClick={onDismiss} />
          </div>
        )}
        <FitNotice {...notice} canSend={pending.length === 0} />
      </section>
    </>
  );
}

type ChipProps = { readonly name: string; readonly onRemove: () => void; readonly children: ReactNode };

function Chip({ name, onRemove, children }: ChipProps) {
  return (
    <li className="flex h-14 items-center overflow-hidden rounded-lg border border-line bg-paper">
      {children}
      <button
        type="button"
        aria-label={`Remove ${name}`}
        title={`Remove ${name}`}
        onClick={onRemove}
        className="flex h-full w-8 shrink-0 items-center justify-center text-muted transition-colors hover:text-ink pointer-coarse:w-11"
      >
        <X aria-hidden="true" className="size-4" strokeWidth={1.75} />
      </button>
    </li>
  );
}

function Thumbnail({ id, name }: Attachment) {
  const url = useFileUrl(id);
  // An address of this page alone: there is nothing that a server could make smaller.
  // biome-ignore lint/performance/noImgElement: see above
  if (url) return <img src={url} alt={name} title={name} className="size-14 bg-sunken object-cover" />;
  return <span className="size-14 bg-sunken">{<span className="sr-only">{name}</span>}</span>;
}

/** A file that has no picture: its name and its size. */
export function FileLabel({ name, kind, bytes }: Attachment) {
  return (
    <span className="flex h-full min-w-0 items-center gap-2.5 ps-3 pe-1 text-sm">
      <FileText aria-hidden="true" className="size-5 shrink-0 text-river" strokeWidth={1.5} />
      <span className="flex min-w-0 max-w-44 flex-col leading-tight">
        <span dir="auto" className="truncate">
          {name}
        </span>
        <span className="text-muted text-xs">
          {kind === 'pdf' ? 'PDF' : 'Text'}, {sizeText(bytes)}
        </span>
      </span>
    </span>
  );
}
