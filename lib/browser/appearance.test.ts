// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyAppearance, FIRST_PAINT_SCRIPT, mediaOf, PAPER } from './appearance';
import { PREFERENCES_KEY, type Preferences } from './preferences';

const THEMES: readonly Preferences['theme'][] = ['system', 'light', 'dark'];
const SIZES: readonly Preferences['textSize'][] = ['small', 'medium', 'large', 'larger'];
const ALL = THEMES.flatMap((theme) => SIZES.map((textSize) => ({ theme, textSize })));

/** Everything about the page that can be changed. */
const look = () => ({
  ...document.documentElement.dataset,
  metas: [...document.querySelectorAll('meta')].map(({ media }) => media),
});

const runScript = (stored: string) => {
  localStorage.setItem(PREFERENCES_KEY, stored);
  new Function(FIRST_PAINT_SCRIPT)();
  return look();
};

beforeEach(() => {
  const metas = (['light', 'dark'] as const).map((theme) =>
    Object.assign(document.createElement('meta'), {
      name: 'theme-color',
      content: PAPER[theme],
      media: mediaOf(theme),
    }),
  );
  document.head.replaceChildren(...metas);
});

afterEach(() => {
  localStorage.clear();
  applyAppearance({ theme: 'system', textSize: 'medium' });
});

describe('the look of the page', () => {
  it.each(ALL)('is before the first paint what it is later: $theme, $textSize', (preferred) => {
    const first = runScript(JSON.stringify(preferred));
    applyAppearance(preferred);
    expect(look()).toEqual(first);
  });

  it('is the system’s again when nothing else is preferred any more', () => {
    const before = look();
    applyAppearance({ theme: 'dark', textSize: 'larger' });
    expect(look()).toEqual({ theme: 'dark', textSize: 'larger', metas: ['not all', 'all'] });
    applyAppearance({ theme: 'system', textSize: 'medium' });
    expect(look()).toEqual(before);
  });

  it.each(['', 'null', '7', '{"theme":"<script>","textSize":{}}'])('is untouched by what is damaged: %s', (stored) => {
    const before = look();
    expect(runScript(stored)).toEqual(before);
  });
});
