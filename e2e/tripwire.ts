import type { Page } from '@playwright/test';

/** What happened in a page that only an attack can have made happen. */
export type Tripwire = {
  /** Everything so far, in plain words. */
  readonly read: () => Promise<readonly string[]>;
};

/** Watches a page from before its first script on: dialogs, other pages, requests to others, what its policy refused. */
export async function plantTripwire(page: Page, origin: string): Promise<Tripwire> {
  const tripped: string[] = [];
  page.on('dialog', (dialog) => {
    tripped.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', (popup) => tripped.push(`popup: ${popup.url()}`));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) tripped.push(`request: ${request.url()}`);
  });
  await page.exposeFunction('tellTripwire', (what: string) => tripped.push(what));
  await page.addInitScript(watchFunctions);
  return {
    // The page is asked for something, so that what it has told before has arrived.
    read: async () => {
      await page.evaluate(() => globalThis.tellTripwire('')).catch(() => tripped.push('the page went away'));
      return tripped.filter((what) => what !== '');
    },
  };
}

declare global {
  function tellTripwire(what: string): Promise<void>;
}

/** Runs in the page. Attacks call one of these functions to show that they run; `eval` is what the tests themselves run by. */
function watchFunctions(): void {
  const tell = globalThis.tellTripwire;
  const names = ['alert', 'confirm', 'prompt', 'print', 'open'];
  for (const name of names) {
    Object.defineProperty(globalThis, name, { configurable: true, value: () => void tell(`called: ${name}`) });
  }
  for (const name of ['write', 'writeln']) {
    Object.defineProperty(Document.prototype, name, { configurable: true, value: () => void tell(`called: ${name}`) });
  }
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    void tell(`refused: ${violatedDirective} ${blockedURI}`);
  });
}

/** What an answer must not hold, of all the answers on a page. Empty where all is well. */
export function findIntruders(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const FORBIDDEN =
      'script,iframe,frame,object,embed,form,style,base,meta,link,img,image,video,audio,source,textarea';
    const SCHEMES = ['http:', 'https:', 'mailto:', 'irc:', 'ircs:', 'xmpp:'];
    const ADDRESSES = ['href', 'src', 'srcset', 'srcdoc', 'action', 'formaction', 'data', 'poster', 'xlink:href'];
    const isHarmless = (address: string) =>
      address.startsWith('#') || SCHEMES.includes(URL.parse(address)?.protocol ?? '');
    const intruders: string[] = [];
    for (const answer of document.querySelectorAll('.answer')) {
      for (const element of answer.querySelectorAll(FORBIDDEN)) intruders.push(element.outerHTML);
      for (const element of answer.querySelectorAll('a a, a button, button a')) intruders.push(element.outerHTML);
      for (const element of answer.querySelectorAll('*')) {
        for (const { name, value } of element.attributes) {
          const isOurs = !['id', 'name'].includes(name) || value.startsWith('answer-');
          const isSafe = !ADDRESSES.includes(name) || isHarmless(value);
          if (name.startsWith('on') || !isOurs || !isSafe) intruders.push(`${name}="${value}"`);
        }
      }
    }
    return intruders;
  });
}
