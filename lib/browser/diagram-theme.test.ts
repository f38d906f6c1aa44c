import { describe, expect, it } from 'vitest';
import { diagramConfig } from './diagram-config';
import { type DiagramColours, diagramTheme, readDiagramColours } from './diagram-theme';

const styleOf = (colour: string, colorScheme: string) =>
  ({ colorScheme, getPropertyValue: (name: string) => ` ${colour}${name.length.toString(16).padStart(2, '0')}` }) as
    // A style has hundreds of properties more.
    unknown as CSSStyleDeclaration;

const COLOURS: DiagramColours = readDiagramColours(styleOf('#0000', 'light'));

describe('the colours of a diagram', () => {
  it('are those of the page', () => {
    expect(COLOURS).toMatchObject({ ink: '#000005', 'code-string': '#00000d', isDark: false });
    expect(readDiagramColours(styleOf('#0000', 'dark')).isDark).toBe(true);
  });

  it('are all there, and none is anything but a colour', () => {
    const values = Object.entries(diagramTheme({ ...COLOURS, sunken: '#ffffff', river: '#000000' }));
    const colours = values.filter(([name, value]) => typeof value === 'string' && /Color|Fill|Bkg|\d$/.test(name));
    expect(colours.length).toBeGreaterThan(80);
    for (const [, value] of colours) expect(value).toMatch(/^#[0-9a-f]{6}$/);
  });

  it('stand behind words as a tint', () => {
    const theme = diagramTheme({ ...COLOURS, sunken: '#ffffff', river: '#000000', 'code-string': '#0a0b0c' });
    expect(theme).toMatchObject({
      pie1: '#b3b3b3',
      pie2: '#b6b6b6',
      pie7: '#b3b3b3',
      cScale0: '#b3b3b3',
      git0: '#000000',
    });
  });
});

describe('what a diagram is drawn with', () => {
  const config = diagramConfig(COLOURS);

  it('trusts nothing, and has limits', () => {
    expect(config).toMatchObject({ securityLevel: 'strict', startOnLoad: false, maxTextSize: 20_000, maxEdges: 400 });
  });

  it.each([
    'secure',
    'securityLevel',
    'maxTextSize',
    'maxEdges',
    'theme',
    'themeCSS',
    'themeVariables',
    'dompurifyConfig',
  ])('keeps %s from the diagram', (key) => {
    expect(config.secure).toContain(key);
  });
});
