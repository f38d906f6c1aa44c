import type { MermaidConfig } from 'mermaid';
import { DIAGRAM_FONTS, type DiagramColours, diagramTheme } from './diagram-theme';

/** More text than a person reads in one diagram. Mermaid would draw a sentence of its own instead. */
export const MAX_DIAGRAM_CHARS = 20_000;
const MAX_EDGES = 400;

/** What a diagram may not set for itself: what guards the page, and what makes it one of ours. */
const RESERVED = [
  'secure',
  'securityLevel',
  'startOnLoad',
  'maxTextSize',
  'maxEdges',
  'suppressErrorRendering',
  'dompurifyConfig',
  'htmlLabels',
  'look',
  'theme',
  'themeCSS',
  'themeVariables',
  'darkMode',
  'fontFamily',
  'altFontFamily',
];

/** In labels. The frame could not load them, but need not try. */
const FORBIDDEN = ['img', 'image', 'picture', 'video', 'audio', 'style', 'form', 'input', 'button'];

/** How Mermaid draws for us: nothing in a diagram is trusted, and it looks like the page around it. */
export function diagramConfig(colours: DiagramColours): MermaidConfig {
  return {
    startOnLoad: false,
    securityLevel: 'strict',
    secure: RESERVED,
    dompurifyConfig: { FORBID_TAGS: FORBIDDEN },
    suppressErrorRendering: true,
    maxTextSize: MAX_DIAGRAM_CHARS,
    maxEdges: MAX_EDGES,
    fontFamily: DIAGRAM_FONTS,
    // The other layout is half a megabyte more.
    layout: 'dagre',
    look: 'classic',
    darkMode: colours.isDark,
    theme: 'base',
    // By the width of the frame its dates would overlap.
    gantt: { useWidth: 720 },
    themeVariables: diagramTheme(colours),
  };
}
