import { Check, Copy, Hash } from 'lucide-react';
import { type RefObject, useState } from 'react';
import { copiedMarkdownTable, copiedTable } from '@/lib/browser/copied';
import { IconButton } from './icon-button';
import { COPYING_WORDS, useCopying } from './use-copying';

const FORMS = [
  { label: 'Copy table', icon: Copy, read: copiedTable },
  { label: 'Copy table as Markdown', icon: Hash, read: copiedMarkdownTable },
];

/** Ways to take a table along, in room of their own beside or above it. They show when a reader turns to the table. */
export function TableActions({ tableRef }: { readonly tableRef: RefObject<HTMLTableElement | null> }) {
  const { state, startCopying } = useCopying();
  const [pressed, setPressed] = useState('');
  return (
    <div className="table-actions" data-uncopied="">
      <span aria-live="polite" className={state === 'failed' ? 'table-copy-failure' : 'sr-only'}>
        {state === 'ready' ? '' : COPYING_WORDS[state]}
      </span>
      {FORMS.map(({ label, icon, read }) => (
        <IconButton
          key={label}
          label={label}
          icon={state === 'copied' && pressed === label ? Check : icon}
          onClick={() => {
            setPressed(label);
            if (tableRef.current) void startCopying(read(tableRef.current));
          }}
        />
      ))}
    </div>
  );
}
