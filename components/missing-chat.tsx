type MissingChatProps = {
  /** Whether this browser keeps chats at all. */
  readonly isKept: boolean;
  readonly onNewChat: () => void;
};

/** Where the address names a chat that is not here: it was deleted, or it is in another browser. */
export function MissingChat({ isKept, onNewChat }: MissingChatProps) {
  return (
    <div className="view">
      <div className="column pt-[clamp(1.5rem,9vh,6rem)]">
        <h2 className="text-balance font-serif text-[2.1rem] leading-[1.15] tracking-[-0.015em]">
          This chat is not in this browser
        </h2>
        <p className="mt-4 max-w-[36rem] text-muted">
          {isKept
            ? 'It was deleted, or it was held in another browser: chats are kept where they were held, and nowhere else.'
            : 'This browser does not let Rivulet keep chats, so they are gone with the page in which they were held.'}
        </p>
        <button
          type="button"
          onClick={onNewChat}
          className="mt-6 flex h-9 items-center rounded-lg border border-line bg-surface px-3 font-medium text-sm transition-colors hover:border-river hover:text-river pointer-coarse:h-11"
        >
          Begin a new one
        </button>
      </div>
    </div>
  );
}
