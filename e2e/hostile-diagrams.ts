/** Diagrams that try to run a script, to load something, to leave their frame, or to keep the page busy. */
export const HOSTILE_DIAGRAMS: Readonly<Record<string, string>> = {
  'scripts behind clicks': `flowchart TD
  A[One] --> B[Two] --> C[Three] --> D[Four]
  click A "javascript:alert(1)" "a" _top
  click B href "javascript:alert(1)" _blank
  click C call alert(1)
  click D alert "b"`,
  'links to elsewhere': `flowchart TD
  A[One] --> B[Two] --> C["<a href='https://evil.example/c' target='_top'>Three</a>"]
  click A "https://evil.example/a" _self
  click B "https://evil.example/b" _top`,
  'HTML in labels': `flowchart TD
  A["<img src='https://evil.example/a.png' onerror='alert(1)'>One"] --> B["<svg onload=alert(1)>Two"]
  B --> C["<iframe src='https://evil.example/'></iframe><script>alert(1)</script>Three"]
  C -->|"<b onmouseover=alert(1)>x</b><form action='https://evil.example/'><input autofocus onfocus=alert(1)>"| D`,
  'HTML in a sequence': `sequenceDiagram
  participant A as <img src=x onerror=alert(1)>
  A->>B: <script>alert(1)</script>
  link A: Board @ javascript:alert(1)
  links B: {"Elsewhere": "https://evil.example/"}
  Note over A,B: <style>@import 'https://evil.example/a.css'</style>`,
  'styles of its own': `%%{init: {"securityLevel": "loose", "themeCSS": "* { background: url(https://evil.example/a.png) } @import 'https://evil.example/a.css';", "fontFamily": "x; } * { background: url(https://evil.example/b.png) } a { b: c"}}%%
flowchart TD
  A[One] --> B[Two]
  style A fill:#fff,background:#fff
  classDef x fill:#eee
  class B x`,
  'styles that load': `classDiagram
  class One
  class Two
  style One fill:#fff,background:url("https://evil.example/a.png")
  classDef x background-image:url('https://evil.example/b.png'),filter:url(https://evil.example/c.svg#d)
  cssClass "Two" x`,
  'a configuration of its own': `---
config:
  securityLevel: loose
  htmlLabels: true
  maxEdges: 1000000
  theme: base
  themeVariables:
    primaryColor: "red; } * { background: url(https://evil.example/a.png) } a { b: c"
  dompurifyConfig:
    ADD_TAGS: [script, iframe]
---
flowchart TD
  A["<script>alert(1)</script>One"] --> B["<iframe src='https://evil.example/'></iframe>"]
  click A call alert(1)`,
  'foreign images': `flowchart TD
  A@{ img: "https://evil.example/a.png", label: "One", w: 60, h: 60 }
  B@{ icon: "fa:user", label: "Two" }
  A --> B
  B --> C["fa:fa-car Three <image href='https://evil.example/b.png'>"]`,
  'a prototype': `%%{init: {"__proto__": {"securityLevel": "loose"}, "constructor": {"prototype": {"x": 1}}}}%%
flowchart TD
  __proto__[One] --> constructor[Two]
  click __proto__ call alert(1)`,
  'all days that are none': `gantt
  excludes monday,tuesday,wednesday,thursday,friday,saturday,sunday
  One :2026-01-01, 1d`,
  'a mark for each millisecond': `gantt
  tickInterval 1millisecond
  One :2024-07-15, 3d
  Two :220, 1d`,
};

/** More edges than a person can follow, in as few characters as the syntax has for them. */
export const MANY_EDGES = `flowchart LR\n  ${names('a')} --> ${names('b')}`;

/** A text that nobody can follow either. */
export const LONG_DIAGRAM = `flowchart LR\n${'  a --> b\n'.repeat(3000)}`;

function names(letter: string): string {
  return Array.from({ length: 320 }, (_, number) => `${letter}${number}`).join(' & ');
}
