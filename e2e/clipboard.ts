import type { Page } from '@playwright/test';

/** A table as an answer has it. */
export const TABLE_TEXT = '| Side | Area |\n|---|--:|\n| 1 | **1** |\n| 2 | 4 |';

/** The same as it is copied. */
export const TABLE_HTML =
  '<table border="1" cellpadding="5" cellspacing="0" style="border-collapse: collapse;">' +
  '<thead><tr><th>Side</th><th align="right">Area</th></tr></thead>' +
  '<tbody><tr><td>1</td><td align="right"><strong>1</strong></td></tr>' +
  '<tr><td>2</td><td align="right">4</td></tr></tbody></table>';

/** What the browser puts around HTML that a script writes. */
const DOCUMENT = /^<html><head><\/head><body>|<\/body><\/html>$/g;

/** Not in the types of the library yet. */
type Reader = { read(formats: { readonly unsanitized: readonly string[] }): Promise<ClipboardItem[]> };

/** All that is on the clipboard, by its type. HTML as it was put there: what the browser takes out of it does not count. */
export async function readClipboard(page: Page): Promise<Readonly<Record<string, string>>> {
  const found = await page.evaluate(async () => {
    const [item] = await (navigator.clipboard as unknown as Reader).read({ unsanitized: ['text/html'] });
    const read = async (type: string) => [type, (await (await item?.getType(type))?.text()) ?? ''] as const;
    return Promise.all((item?.types ?? []).map(read));
  });
  return Object.fromEntries(found.map(([type, content]) => [type, content.replaceAll(DOCUMENT, '')]));
}

/** Where the text of an element is. Runs in the page. */
export function textBoxOf(element: Element): DOMRect {
  const range = document.createRange();
  range.selectNodeContents(element);
  return range.getBoundingClientRect();
}
