import { PREFERENCES_KEY, type Preferences } from './preferences';

/** The ground of a page in each theme, as the style sheet has it: for the browser's own frame around the page. */
export const PAPER = { light: '#f8f6f1', dark: '#121615' } as const;

type Theme = keyof typeof PAPER;

/** When the browser paints its frame in the ground of a theme, unless its person has chosen one. */
export const mediaOf = (theme: Theme) => `(prefers-color-scheme: ${theme})`;

/** Shows the page as it is preferred. What is preferred as it would be anyway leaves no trace. */
export function applyAppearance({ theme, textSize }: Pick<Preferences, 'theme' | 'textSize'>): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
  if (textSize === 'medium') delete dataset.textSize;
  else dataset.textSize = textSize;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const own: Theme = meta.content === PAPER.dark ? 'dark' : 'light';
    meta.media = theme === 'system' ? mediaOf(own) : theme === own ? 'all' : 'not all';
  }
}

/**
 * The same before the first paint, when none of our code is there yet: a script within the page. It is the same text for
 * everybody, so that a policy can name its hash, and it throws nothing.
 */
export const FIRST_PAINT_SCRIPT = `try{
const {theme,textSize}=JSON.parse(localStorage.getItem('${PREFERENCES_KEY}')),{dataset}=document.documentElement;
if(/^(small|large|larger)$/.test(textSize))dataset.textSize=textSize;
if(/^(light|dark)$/.test(theme)){
dataset.theme=theme;
for(const meta of document.querySelectorAll('meta[name="theme-color"]'))
meta.media=(meta.content==='${PAPER.dark}')===(theme==='dark')?'all':'not all'
}}catch{}`;

/** Calls back when the colours of the page may have changed, by choice or by the system. Returns how to leave. */
export function watchColours(listener: () => void): () => void {
  const scheme = matchMedia(mediaOf('dark'));
  const observer = new MutationObserver(listener);
  scheme.addEventListener('change', listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    scheme.removeEventListener('change', listener);
    observer.disconnect();
  };
}
