import { Settings2 } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { ChatList, type ChatListProps } from './chat-list';
import { CloseButton } from './close-button';

type ChatsDrawerProps = ChatListProps & {
  readonly isOpen: boolean;
  /** What is to be seen over everything else. */
  readonly toast: ReactNode;
  readonly onClose: () => void;
  readonly onOpenSettings: () => void;
};

/** The chats over the conversation, where there is no room beside it. */
export function ChatsDrawer({ isOpen, toast, onClose, onOpenSettings, ...list }: ChatsDrawerProps) {
  const ref = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    if (isOpen) ref.current?.showModal();
    else ref.current?.close();
  }, [isOpen]);

  useEffect(() => {
    if (!isOpen) return;
    // As the style sheet has it: there the list is beside the conversation.
    const wide = matchMedia('(min-width: 64rem)');
    wide.addEventListener('change', onClose);
    return () => wide.removeEventListener('change', onClose);
  }, [isOpen, onClose]);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog, and there is a button
    <dialog
      ref={ref}
      aria-label="Chats"
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className="drawer"
    >
      {isOpen && (
        <div className="flex h-full flex-col">
          <div className="flex h-14 shrink-0 items-center justify-between ps-6 pe-1.5">
            <p aria-hidden="true" className="font-semibold text-[0.95rem] tracking-tight">
              Chats
            </p>
            <CloseButton label="Close" onClick={onClose} />
          </div>
          <ChatList {...list} />
          {toast}
          <div className="shrink-0 border-line border-t p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]">
            <button
              type="button"
              aria-haspopup="dialog"
              onClick={onOpenSettings}
              className="flex h-11 w-full items-center gap-2.5 rounded-lg px-4 text-muted text-sm transition-colors hover:bg-sunken hover:text-ink"
            >
              <Settings2 aria-hidden="true" className="size-[1.125rem]" strokeWidth={1.75} />
              Settings
            </button>
          </div>
        </div>
      )}
    </dialog>
  );
}
