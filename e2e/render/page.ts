/** The page of the bench: it draws texts as they grow, into a view like the one of the product. */
import '@fontsource-variable/instrument-sans/wght.css';
import '@fontsource-variable/newsreader/wght.css';
import '@fontsource-variable/newsreader/wght-italic.css';
import './page.css';
import { RENDERERS, type RendererName } from './renderers';

export type Stream = {
  /** How long each update took, from the new text to its layout, in milliseconds. */
  readonly updatesMs: readonly number[];
  readonly html: string;
};

export type RenderPage = {
  /** Draws one piece more in each frame, from an empty column. */
  readonly stream: (renderer: RendererName, pieces: readonly string[]) => Promise<Stream>;
  /** What is there if the text comes whole. */
  readonly mount: (renderer: RendererName, text: string) => Promise<string>;
  readonly loadFonts: () => Promise<void>;
};

declare global {
  var renderPage: RenderPage;
}

/** Half a second: lines of code that came in one by one wait half as long for their colours. */
const QUIET_FRAMES = 30;

globalThis.renderPage = {
  async stream(name, pieces) {
    const { view, answer, remove } = openView();
    const renderer = RENDERERS[name](answer);
    const updatesMs: number[] = [];
    let text = '';
    for (const [at, piece] of pieces.entries()) {
      await inNextFrame(() => {
        const startedAt = performance.now();
        text += piece;
        renderer.draw(text, at === pieces.length - 1);
        layOut(view);
        updatesMs.push(performance.now() - startedAt);
      });
    }
    await settle(answer);
    const html = answer.innerHTML;
    renderer.remove();
    remove();
    return { updatesMs, html };
  },

  async mount(name, text) {
    const { answer, remove } = openView();
    const renderer = RENDERERS[name](answer);
    renderer.draw(text, true);
    await settle(answer);
    const html = answer.innerHTML;
    renderer.remove();
    remove();
    return html;
  },

  async loadFonts() {
    await Promise.all([...document.fonts].map((font) => font.load()));
  },
};

function openView() {
  const page = document.createElement('div');
  page.className = 'page';
  page.innerHTML = `
    <header></header>
    <section class="view"><div class="column flex flex-col gap-7 pt-4 pb-10"><article>
      <div class="stream flex min-h-7 flex-col gap-3" data-status="streaming"><div dir="auto" class="answer"></div></div>
    </article></div></section>
    <footer></footer>`;
  document.body.append(page);
  const view = page.querySelector('.view');
  const answer = page.querySelector<HTMLElement>('.answer');
  if (!view || !answer) throw new Error('the page has no view');
  return { view, answer, remove: () => page.remove() };
}

/** Stays at the end. Asking for the height makes the browser lay out now, and not after the clock is read. */
function layOut(view: Element): void {
  view.scrollTop = view.scrollHeight;
}

/** Called in the frame and not after it: what a microtask does is not counted as script. */
const inNextFrame = (work: () => void) =>
  new Promise<void>((resolve) =>
    requestAnimationFrame(() => {
      work();
      resolve();
    }),
  );

/** Waits for what is drawn later, such as colours that are worked out in idle time. */
async function settle(answer: HTMLElement): Promise<void> {
  let quietFrames = 0;
  const observer = new MutationObserver(() => {
    quietFrames = 0;
  });
  observer.observe(answer, { subtree: true, childList: true, attributes: true, characterData: true });
  while (quietFrames < QUIET_FRAMES) {
    await inNextFrame(() => {
      quietFrames += 1;
    });
  }
  observer.disconnect();
}
