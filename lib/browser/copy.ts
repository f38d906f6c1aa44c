/** What goes to the clipboard: a text, and the same for programs that know HTML. */
export type Copied = { readonly text: string; readonly html?: string | undefined };

export type CopiedRichly = { readonly text: string; readonly html: string };

/**
 * Puts something on the clipboard, as text alone where the browser takes no more. False where it does not let us: no
 * permission, or a page over plain http.
 */
export async function copy(
  { text, html }: Copied,
  clipboard: Clipboard | undefined = navigator.clipboard,
): Promise<boolean> {
  if (!clipboard) return false;
  const asText = () => clipboard.writeText(text);
  const asBoth = () =>
    clipboard.write([
      new ClipboardItem({ 'text/plain': blob('text/plain', text), 'text/html': blob('text/html', html ?? '') }),
    ]);
  return (html !== undefined && (await succeeds(asBoth))) || succeeds(asText);
}

const blob = (type: string, content: string) => new Blob([content], { type });

async function succeeds(write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch {
    return false;
  }
}
