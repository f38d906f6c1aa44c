/** Where the tab is: the chat that its address names; null where it names none. */
export type TabLocation = {
  readonly chatId: () => string | null;
  /** Names a chat, or none. `replace` leaves no way back to what was named before. */
  readonly go: (chatId: string | null, how: 'push' | 'replace') => void;
  /** Calls back when the person goes back or forward. Returns how to leave. */
  readonly onMove: (listener: () => void) => () => void;
};

const CHAT_PATH = /^\/chat\/([\w-]+)$/;

export const tabLocation: TabLocation = {
  chatId: () => CHAT_PATH.exec(location.pathname)?.[1] ?? null,
  go: (chatId, how) => {
    const path = pathOf(chatId);
    if (path === location.pathname) return;
    if (how === 'push') history.pushState(null, '', path);
    else history.replaceState(null, '', path);
  },
  onMove: (listener) => {
    // Every address is this one page: the router of the platform would ask the server for it, which may not be there.
    const move = (event: PopStateEvent) => {
      event.stopImmediatePropagation();
      listener();
    };
    addEventListener('popstate', move, { capture: true });
    return () => removeEventListener('popstate', move, { capture: true });
  },
};

/** The address of a chat; of the empty screen for none. */
export function pathOf(chatId: string | null): string {
  return chatId === null ? '/' : `/chat/${chatId}`;
}
