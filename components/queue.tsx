import { PencilLine, X } from 'lucide-react';
import type { QueuedMessage } from '@/lib/chat/chat-state';
import { ActionButton } from './action-button';
import { IconButton } from './icon-button';

type QueueProps = {
  readonly messages: readonly QueuedMessage[];
  /** Whether they are sent by themselves, at the end of the reply that runs. */
  readonly isRunning: boolean;
  readonly onSendNext: () => void;
  readonly onEdit: (message: QueuedMessage) => void;
  readonly onDrop: (message: QueuedMessage) => void;
};

/** What was written while Claude answers, and waits for its turn. */
export function Queue({ messages, isRunning, onSendNext, onEdit, onDrop }: QueueProps) {
  if (messages.length === 0) return null;
  return (
    <section aria-label="Queue" className="mx-auto mb-2 w-full max-w-[46rem] px-2 sm:px-4">
      <div className="rounded-xl border border-line bg-paper py-1.5 ps-4 pe-1.5">
        <div className="flex min-h-9 items-center justify-between gap-3 text-muted text-xs">
          <p>{isRunning ? 'Sent when this answer is complete' : 'Waiting to be sent'}</p>
          {!isRunning && <ActionButton onClick={onSendNext}>Ask now</ActionButton>}
        </div>
        <ol className="max-h-[22dvh] overflow-y-auto overscroll-contain">
          {messages.map((message) => (
            <li key={message.id} className="flex items-center gap-1 border-line border-t first:border-0">
              <p dir="auto" className="min-w-0 flex-1 truncate py-1 text-sm">
                {message.text}
              </p>
              <IconButton label="Edit queued message" icon={PencilLine} onClick={() => onEdit(message)} />
              <IconButton label="Remove from queue" icon={X} onClick={() => onDrop(message)} />
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}
