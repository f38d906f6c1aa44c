import type { ComponentProps } from 'react';

type GrowingTextareaProps = Omit<ComponentProps<'textarea'>, 'value' | 'onChange' | 'className'> & {
  readonly value: string;
  readonly onChange: (value: string, caret: number) => void;
};

/** Grows with its text: an invisible copy in the same grid cell gives the height, without measuring anything. */
export function GrowingTextarea({ value, onChange, ...textarea }: GrowingTextareaProps) {
  const box =
    'col-start-1 row-start-1 px-3 pt-3.5 pb-2 leading-normal whitespace-pre-wrap [overflow-wrap:anywhere] sm:px-4';
  return (
    <div className="grid max-h-[40dvh] overflow-y-auto">
      <div aria-hidden="true" className={`${box} invisible`}>{`${value} `}</div>
      <textarea
        rows={1}
        dir="auto"
        value={value}
        onChange={({ target }) => onChange(target.value, target.selectionEnd)}
        className={`${box} w-full resize-none overflow-hidden bg-transparent outline-hidden placeholder:text-muted`}
        {...textarea}
      />
    </div>
  );
}
