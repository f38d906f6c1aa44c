type PlainTextProps = {
  readonly text: string;
  /** Whether the reader is told that it could not be drawn otherwise. */
  readonly isFallback?: boolean;
};

/** An answer as it is written. */
export function PlainText({ text, isFallback }: PlainTextProps) {
  return (
    <>
      <p className="whitespace-pre-wrap">{text}</p>
      {isFallback && (
        <p className="mt-3 font-sans text-muted text-sm">Shown as plain text: its formatting is too deep to draw.</p>
      )}
    </>
  );
}
