/** Our colours, by the names of their CSS variables, each as `#rrggbb`. */
const COLOURS = ['paper', 'surface', 'sunken', 'ink', 'muted', 'line', 'river', 'warning', 'error'] as const;
/** Those that tell things apart. */
const HUES = ['river', 'code-string', 'code-function', 'code-type', 'code-inserted', 'error'] as const;

type ColourName = (typeof COLOURS)[number] | (typeof HUES)[number];

export type DiagramColours = Readonly<Record<ColourName, string>> & { readonly isDark: boolean };

/** Those of the system: a frame without an origin may not fetch ours. */
export const DIAGRAM_FONTS = 'ui-sans-serif, system-ui, sans-serif';

/** How much of a hue is in what words stand on. */
const TINT = 0.3;

/** The colours of the page as they are now. */
export function readDiagramColours(style: CSSStyleDeclaration): DiagramColours {
  const colours = [...COLOURS, ...HUES].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
  return { ...(Object.fromEntries(colours) as Record<ColourName, string>), isDark: style.colorScheme === 'dark' };
}

/** The variables of Mermaid's theme `base`; it derives the others of its two hundred from them. */
export function diagramTheme(colours: DiagramColours) {
  const { paper, surface, sunken, ink, muted, line, river, warning, error } = colours;
  const hues = HUES.map((name) => colours[name]);
  const tint = (hue: string) => mixed(hue, sunken, TINT);
  const tints = hues.map(tint);
  return {
    darkMode: colours.isDark,
    fontFamily: DIAGRAM_FONTS,
    fontSize: '15px',
    background: sunken,
    textColor: ink,
    lineColor: muted,
    titleColor: ink,
    edgeLabelBackground: sunken,
    ...group('primary', surface, muted),
    ...group('secondary', paper, line),
    ...group('tertiary', paper, line),
    clusterBkg: paper,
    clusterBorder: line,
    compositeBackground: paper,
    compositeTitleBackground: surface,
    compositeBorder: muted,
    rowOdd: surface,
    rowEven: paper,
    noteBkgColor: tint(warning),
    noteTextColor: ink,
    noteBorderColor: warning,
    activationBkgColor: tint(river),
    activationBorderColor: river,
    ...ganttTheme(),
    pieStrokeColor: sunken,
    pieOuterStrokeWidth: '0',
    pieOpacity: '1',
    pieTitleTextSize: '16px',
    pieSectionTextSize: '14px',
    pieLegendTextSize: '14px',
    ...quadrantTheme(),
    xyChart: { backgroundColor: sunken, plotColorPalette: hues.join(',') },
    ...numbered('pie', 12, tints, 1),
    ...numbered('fillType', 8, tints),
    ...numbered('cScale', 12, tints),
    ...numbered('cScaleInv', 12, hues),
    ...numbered('cScaleLabel', 12, [ink]),
    ...numbered('git', 8, hues),
    ...numbered('gitInv', 8, tints),
    ...numbered('gitBranchLabel', 8, [sunken]),
    commitLabelColor: ink,
    commitLabelBackground: sunken,
  };

  function group(name: string, ground: string, border: string) {
    return { [`${name}Color`]: ground, [`${name}TextColor`]: ink, [`${name}BorderColor`]: border };
  }

  function ganttTheme() {
    return {
      sectionBkgColor: paper,
      sectionBkgColor2: paper,
      altSectionBkgColor: sunken,
      gridColor: line,
      todayLineColor: error,
      taskBkgColor: surface,
      taskBorderColor: muted,
      taskTextColor: ink,
      taskTextDarkColor: ink,
      taskTextLightColor: ink,
      taskTextOutsideColor: ink,
      activeTaskBkgColor: tint(river),
      activeTaskBorderColor: river,
      doneTaskBkgColor: line,
      doneTaskBorderColor: muted,
      critBkgColor: tint(error),
      critBorderColor: error,
    };
  }

  function quadrantTheme() {
    return {
      quadrant1Fill: tint(river),
      quadrant2Fill: surface,
      quadrant3Fill: paper,
      quadrant4Fill: surface,
      ...Object.fromEntries([1, 2, 3, 4].map((number) => [`quadrant${number}TextFill`, ink])),
      quadrantPointFill: river,
      quadrantPointTextFill: ink,
      quadrantInternalBorderStrokeFill: line,
      quadrantExternalBorderStrokeFill: line,
    };
  }
}

/** Mermaid names what it tells apart by number. */
function numbered(name: string, count: number, values: readonly string[], first = 0) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${name}${first + index}`, values[index % values.length]]),
  );
}

/** So much of one colour in another. */
function mixed(colour: string, into: string, share: number): string {
  const ground = channelsOf(into);
  const channels = channelsOf(colour).map((value, index) => value * share + (ground[index] ?? 0) * (1 - share));
  return `#${channels.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}

const channelsOf = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
