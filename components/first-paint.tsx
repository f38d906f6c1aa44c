import { FIRST_PAINT_SCRIPT, mediaOf, PAPER } from '@/lib/browser/appearance';

export const THEME_COLOURS = (['light', 'dark'] as const).map((theme) => ({
  media: mediaOf(theme),
  color: PAPER[theme],
}));

/** Gives the page the theme and the text size of its person before anything of it is painted. Stands before all else. */
export function FirstPaint({ nonce }: { readonly nonce: string | undefined }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant, and nothing but a script is early enough
  return <script nonce={nonce} dangerouslySetInnerHTML={{ __html: FIRST_PAINT_SCRIPT }} />;
}
