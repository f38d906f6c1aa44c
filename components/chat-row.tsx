import { Pencil, Trash2 } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, memo, useEffect, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { pathOf } from '@/lib/browser/tab-location';
import type { Chat } from '@/lib/chat/history';
import { IconButton } from './icon-button';
import { RenameField } from './rename-field';

type ChatRowProps = {
  readonly chat: Chat;
  readonly isShown: boolean;
  readonly isRunning: boolean;
  readonly onOpen: (chatId: string) => void;
  readonly onRename: (chatId: string, title: string) => void;
  /** `isByKey`: the keyboard goes on with the way back. */
  readonly onDelete: (chatId: string, isByKey: boolean) => void;
};

/** By then an opened chat is drawn. */
const SETTLED_MS = 300;

/** One chat in the list: a link, so that it can be opened in another tab too. */
export const ChatRow = memo(function ChatRow({ chat, isShown, isRunning, onOpen, onRename, onDelete }: ChatRowProps) {
  const [isRenaming, setIsRenaming] = useState(false);
  const rowRef = useRef<HTMLLIElement>(null);
  const titleId = useId();
  const { id, title } = chat;

  // One row is enough to pass through by Tab: on the others the keys do it.
  const ofRow = { 'aria-describedby': titleId, tabIndex: isShown ? 0 : -1 };

  function open(event: MouseEvent) {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    onOpen(id);
  }

  function endRenaming(name: string | null, isByKey: boolean) {
    flushSync(() => setIsRenaming(false));
    if (name !== null && name !== title) onRename(id, name);
    // Who has clicked elsewhere is there already.
    if (isByKey) rowRef.current?.querySelector('a')?.focus();
  }

  function actOnKey(event: KeyboardEvent) {
    if (event.key === 'F2') setIsRenaming(true);
    if (event.key === 'Delete') onDelete(id, true);
  }

  useEffect(() => {
    if (!isShown) return;
    // When the conversation is drawn: to find its place among many rows takes a layout of its own.
    const timer = setTimeout(() => rowRef.current?.scrollIntoView({ block: 'nearest' }), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [isShown]);

  return (
    <li ref={rowRef} className="chat-row group" data-shown={isShown ? '' : undefined}>
      {isRunning && <span aria-hidden="true" className="flow" />}
      {isRenaming ? (
        <RenameField title={title} onEnd={endRenaming} />
      ) : (
        <>
          <a
            id={titleId}
            href={pathOf(id)}
            aria-current={isShown ? 'page' : undefined}
            aria-keyshortcuts="F2 Delete"
            onKeyDown={actOnKey}
            dir="auto"
            onClick={open}
            title={title}
            className="min-w-0 flex-1 truncate py-2 px-3 text-sm pointer-coarse:py-3"
          >
            {title || 'Untitled'}
            {isRunning && <span className="sr-only"> (answering)</span>}
          </a>
          <div className="chat-row-actions">
            <IconButton label="Rename" icon={Pencil} onClick={() => setIsRenaming(true)} {...ofRow} />
            <IconButton label="Delete" icon={Trash2} onClick={(event) => onDelete(id, event.detail === 0)} {...ofRow} />
          </div>
        </>
      )}
    </li>
  );
});
