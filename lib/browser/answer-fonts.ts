import { unheard } from './unheard';

/** Fetches the typeface of answers before the first one comes: words that are on the page move when it comes later. */
export function loadAnswerFonts(): void {
  const family = getComputedStyle(document.documentElement).getPropertyValue('--font-serif');
  for (const style of ['normal', 'italic']) unheard(document.fonts.load(`${style} 1em ${family}`));
}
