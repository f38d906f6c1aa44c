import type { KeyboardEvent, Ref } from 'react';

type GrowingTextareaProps = {
  readonly ref: Ref<HTMLTextAreaElement>;
  readonly label: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
};

/** Grows with its text: an invisible copy in the same grid cell gives the height, without measuring anything. */
export function GrowingTextarea({ ref, label, placeholder, value, onChange, onKeyDown }: GrowingTextareaProps) {
  const box =
    'col-start-1 row-start-1 px-3 pt-3.5 pb-2 leading-normal whitespace-pre-wrap [overflow-wrap:anywhere] sm:px-4';
  return (
    <div className="grid max-h-[40dvh] overflow-y-auto">
      <div aria-hidden="true" className={`${box} invisible`}>{`${value} `}</div>
      <textarea
        ref={ref}
        aria-label={label}
        placeholder={placeholder}
        rows={1}
        dir="auto"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
        className={`${box} w-full resize-none overflow-hidden bg-transparent outline-hidden placeholder:text-muted`}
      />
    </div>
  );
}
