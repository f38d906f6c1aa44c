/** A text as it is written. */
export function PlainText({ text }: { readonly text: string }) {
  return <p className="whitespace-pre-wrap">{text}</p>;
}

/** Tells a reader why marks are to be seen instead of what they stand for. */
export function PlainNotice({ isWhole }: { readonly isWhole?: boolean }) {
  return (
    <p data-uncopied="" className="mt-3 font-sans text-muted text-sm">
      {isWhole ? 'Shown' : 'Partly shown'} as plain text: its formatting is too deep to draw.
    </p>
  );
}
