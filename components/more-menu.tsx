import { Ellipsis } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef, useState } from 'react';
import { IconButton } from './icon-button';

export type MenuItem = {
  readonly label: string;
  /** `isByKey`: it was chosen by keyboard. */
  readonly onChoose: (isByKey: boolean) => void;
  /** The line above which it begins a group, and what that is. */
  readonly group?: string | undefined;
};

/** What can be done beyond the obvious. The platform's own popover: Escape and a press elsewhere close it. */
export function MoreMenu({ label, items }: { readonly label: string; readonly items: readonly MenuItem[] }) {
  const id = useId();
  const menuRef = useRef<HTMLDivElement>(null);
  const [isOpen, setIsOpen] = useState(false);

  useEffect(() => {
    if (isOpen) menuRef.current?.querySelector('button')?.focus();
  }, [isOpen]);

  function moveFocus(event: KeyboardEvent<HTMLDivElement>) {
    const { currentTarget: menu, key } = event;
    if (key === 'Tab') menu.hidePopover();
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...menu.querySelectorAll('button')];
    const at = buttons.findIndex((button) => button.matches(':focus'));
    buttons.at((at + step) % buttons.length)?.focus();
  }

  function choose(event: MouseEvent, item: MenuItem) {
    menuRef.current?.hidePopover();
    item.onChoose(event.detail === 0);
  }

  return (
    <>
      <IconButton label={label} icon={Ellipsis} popoverTarget={id} aria-haspopup="menu" aria-expanded={isOpen} />
      <div
        ref={menuRef}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className="menu"
        onToggle={({ newState }) => setIsOpen(newState === 'open')}
        onKeyDown={moveFocus}
      >
        {isOpen &&
          items.map((item) => (
            <div key={item.label} role="none">
              {item.group && <p className="menu-group">{item.group}</p>}
              <button type="button" role="menuitem" className="menu-item" onClick={(event) => choose(event, item)}>
                {item.label}
              </button>
            </div>
          ))}
      </div>
    </>
  );
}
