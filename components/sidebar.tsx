import { memo } from 'react';
import { ChatList, type ChatListProps } from './chat-list';

/** The chats beside the conversation, where there is room for them. Nothing of it is drawn anew with each key and each word. */
export const Sidebar = memo(function Sidebar(list: ChatListProps) {
  return (
    <aside className="sidebar">
      <p
        aria-hidden="true"
        className="flex h-14 shrink-0 items-center px-6 font-semibold text-[0.95rem] tracking-tight"
      >
        Chats
      </p>
      <ChatList {...list} />
    </aside>
  );
});
