import { type LucideIcon, PanelLeft, Settings2, SquarePen } from 'lucide-react';
import type { ComponentProps } from 'react';

type HeaderProps = {
  readonly isSimulated: boolean;
  /** Whether there is something to leave behind. */
  readonly canBegin: boolean;
  readonly isSidebarOpen: boolean;
  readonly onToggleSidebar: () => void;
  readonly onOpenDrawer: () => void;
  readonly onNewChat: () => void;
  readonly onOpenSettings: () => void;
};

export function Header({
  isSimulated,
  canBegin,
  isSidebarOpen,
  onToggleSidebar,
  onOpenDrawer,
  onNewChat,
  onOpenSettings,
}: HeaderProps) {
  return (
    <header className="fade-below relative z-10 flex min-h-14 items-center gap-2.5 px-4 sm:px-8">
      {/* Where there is room the list is beside the conversation, else over it. */}
      <HeaderButton
        label="Chats"
        icon={PanelLeft}
        className="-ms-2 max-lg:hidden"
        aria-expanded={isSidebarOpen}
        onClick={onToggleSidebar}
      />
      <HeaderButton
        label="Chats"
        icon={PanelLeft}
        className="-ms-2 lg:hidden"
        aria-haspopup="dialog"
        onClick={onOpenDrawer}
      />
      <Mark />
      <h1 className="font-semibold text-[0.95rem] tracking-tight">Rivulet</h1>
      {isSimulated && (
        <p className="min-w-0 truncate rounded-full border border-line px-2.5 py-0.5 text-muted text-xs">
          Simulated Claude
        </p>
      )}
      <div className="ms-auto flex shrink-0 items-center gap-1">
        <button
          type="button"
          onClick={onNewChat}
          hidden={!canBegin}
          className="flex h-9 items-center gap-2 whitespace-nowrap rounded-lg px-3 text-muted text-sm transition-colors hover:bg-sunken hover:text-ink pointer-coarse:h-11 [&[hidden]]:hidden"
        >
          <SquarePen aria-hidden="true" className="size-4 shrink-0" strokeWidth={1.75} />
          <span className="max-[22rem]:sr-only">New chat</span>
        </button>
        {/* Where the list is over the conversation, it has the way to the settings. */}
        <HeaderButton
          label="Settings"
          icon={Settings2}
          aria-haspopup="dialog"
          onClick={onOpenSettings}
          className="-me-2 max-lg:hidden"
        />
      </div>
    </header>
  );
}

type HeaderButtonProps = ComponentProps<'button'> & { readonly label: string; readonly icon: LucideIcon };

function HeaderButton({ label, icon: Icon, className, ...button }: HeaderButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`flex size-9 shrink-0 items-center justify-center rounded-lg text-muted transition-colors hover:bg-sunken hover:text-ink pointer-coarse:size-11 ${className}`}
      {...button}
    >
      <Icon aria-hidden="true" className="size-[1.125rem]" strokeWidth={1.75} />
    </button>
  );
}

/** A course of water that ends in a point: an answer, and its full stop. */
function Mark() {
  return (
    <svg viewBox="6 3 18 27" aria-hidden="true" className="h-6 shrink-0 text-river">
      <path
        d="M11 5c0 4.5 8 4.5 8 9s-8 4.5-8 9"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
      <circle cx="11" cy="27.5" r="1.8" fill="currentColor" />
    </svg>
  );
}
