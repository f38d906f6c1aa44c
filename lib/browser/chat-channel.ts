import type { ChatAction } from '@/lib/chat/chat-reducer';
import type { ChatState } from '@/lib/chat/chat-state';
import type { ChatDecision } from '@/lib/chat/decide';

/**
 * What the tabs of one chat say to each other. Only the one that writes tells what happens; the others ask. Of two
 * that believe to write, the one with the greater `term` is right: one that was frozen learns late that its own is over.
 */
export type TabMessage =
  /** Asks for the state. `term` is that of a tab whose own was ended by surprise, else 0. */
  | { readonly type: 'hello'; readonly term: number }
  | { readonly type: 'state'; readonly term: number; readonly state: ChatState }
  | { readonly type: 'action'; readonly term: number; readonly action: ChatAction }
  | { readonly type: 'may-i-write'; readonly tab: string }
  | { readonly type: 'you-may-write'; readonly tab: string; readonly term: number; readonly state: ChatState }
  | { readonly type: 'you-may-not-write'; readonly tab: string }
  | { readonly type: 'stop'; readonly replyId: string }
  /**
   * Asks the one that writes to decide this. It is decided when the action of it is told. Heard after `until`, by the clock
   * that all tabs share, in milliseconds, it is not: what was given back by then would be said twice.
   */
  | { readonly type: 'please'; readonly decision: ChatDecision; readonly until: number };

/** The line between the tabs of one chat. What a tab says is heard by all others, in order. */
export type ChatChannel = {
  readonly say: (message: TabMessage) => void;
  readonly listen: (listener: (message: TabMessage) => void) => void;
  readonly close: () => void;
};

/** Opens the line of a chat. */
export function openChannel(chatId: string): ChatChannel {
  const channel = new BroadcastChannel(`rivulet/chat/${chatId}`);
  return {
    say: (message) => channel.postMessage(message),
    listen: (listener) => {
      channel.onmessage = ({ data }: MessageEvent<TabMessage>) => listener(data);
    },
    close: () => channel.close(),
  };
}
