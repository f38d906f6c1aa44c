import { memo } from 'react';
import { type ChatDay, groupByDay } from '@/lib/chat/chat-days';
import type { Chat } from '@/lib/chat/history';
import { ChatRow } from './chat-row';
import { useNow } from './use-now';

export type ChatListProps = {
  readonly chats: readonly Chat[];
  /** Whether they were read: until then none is not none. */
  readonly isListed: boolean;
  readonly runningIds: readonly string[];
  readonly shownId: string | undefined;
  readonly onOpen: (chatId: string) => void;
  readonly onRename: (chatId: string, title: string) => void;
  readonly onDelete: (chatId: string, isByKey: boolean) => void;
};

const A_MINUTE_MS = 60_000;

/** The chats by day, newest first. */
export function ChatList({ chats, isListed, runningIds, shownId, ...actions }: ChatListProps) {
  const now = useNow(A_MINUTE_MS);
  return (
    <nav aria-label="Chats" className="min-h-0 flex-1 overflow-y-auto overscroll-contain pb-6">
      {isListed && chats.length === 0 && (
        <p className="px-6 py-2 text-muted text-sm">Your chats will be listed here. They are kept in this browser.</p>
      )}
      {groupByDay(chats, now).map((day) => (
        <Day
          key={day.date.getTime()}
          day={day}
          shownId={day.chats.some(({ id }) => id === shownId) ? shownId : undefined}
          runningIds={runningIds}
          {...actions}
        />
      ))}
    </nav>
  );
}

type DayProps = Pick<ChatListProps, 'runningIds' | 'shownId' | 'onOpen' | 'onRename' | 'onDelete'> & {
  readonly day: ChatDay;
};

/** Where a chat is opened among a thousand, only its day and that of the one before are drawn again. */
const Day = memo(function Day({ day, shownId, runningIds, ...actions }: DayProps) {
  return (
    <section className="chat-day px-3 not-first:pt-3">
      <h2 className="px-3 pt-1 pb-1.5 font-medium text-muted text-xs">{nameOf(day)}</h2>
      <ul>
        {day.chats.map((chat) => (
          <ChatRow
            key={chat.id}
            chat={chat}
            isShown={chat.id === shownId}
            isRunning={runningIds.includes(chat.id)}
            {...actions}
          />
        ))}
      </ul>
    </section>
  );
});

const A_WEEK_DAYS = 7;

function nameOf({ date, daysAgo }: ChatDay): string {
  if (daysAgo <= 0) return 'Today';
  if (daysAgo === 1) return 'Yesterday';
  if (daysAgo < A_WEEK_DAYS) return date.toLocaleDateString(undefined, { weekday: 'long' });
  const isThisYear = date.getFullYear() === new Date().getFullYear();
  return date.toLocaleDateString(undefined, { day: 'numeric', month: 'long', ...(!isThisYear && { year: 'numeric' }) });
}
