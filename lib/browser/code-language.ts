/** A language that can be coloured. */
export type CodeLanguage = {
  readonly id: LanguageId;
  /** As people write it. */
  readonly name: string;
  /** Of a file, without the dot. */
  readonly extension: string;
};

export type LanguageId = keyof typeof LANGUAGES;

/** What people ask Claude for: the name, the extension of a file, and the words behind a fence beside the id itself. */
const LANGUAGES = {
  bat: ['Batch', 'bat', 'batch cmd dos'],
  c: ['C', 'c', 'h'],
  clojure: ['Clojure', 'clj', 'clj cljs edn'],
  cmake: ['CMake', 'cmake', ''],
  cpp: ['C++', 'cpp', 'c++ cc cxx hpp'],
  csharp: ['C#', 'cs', 'c# cs'],
  css: ['CSS', 'css', ''],
  dart: ['Dart', 'dart', ''],
  diff: ['Diff', 'diff', 'patch'],
  docker: ['Dockerfile', 'dockerfile', 'dockerfile containerfile'],
  elixir: ['Elixir', 'ex', 'ex exs'],
  go: ['Go', 'go', 'golang'],
  graphql: ['GraphQL', 'graphql', 'gql'],
  groovy: ['Groovy', 'groovy', 'gradle'],
  haskell: ['Haskell', 'hs', 'hs'],
  html: ['HTML', 'html', 'htm xhtml'],
  ini: ['INI', 'ini', 'conf cfg properties editorconfig'],
  java: ['Java', 'java', ''],
  javascript: ['JavaScript', 'js', 'js mjs cjs node'],
  json: ['JSON', 'json', 'json5 webmanifest'],
  jsonc: ['JSON', 'json', 'jsonl ndjson'],
  jsx: ['JSX', 'jsx', ''],
  julia: ['Julia', 'jl', 'jl'],
  kotlin: ['Kotlin', 'kt', 'kt kts'],
  latex: ['LaTeX', 'tex', 'tex'],
  less: ['Less', 'less', ''],
  lua: ['Lua', 'lua', ''],
  make: ['Makefile', 'mk', 'makefile mk'],
  markdown: ['Markdown', 'md', 'md'],
  matlab: ['MATLAB', 'm', 'octave'],
  mermaid: ['Mermaid', 'mmd', 'mmd'],
  nginx: ['nginx', 'conf', ''],
  'objective-c': ['Objective-C', 'm', 'objc objectivec'],
  ocaml: ['OCaml', 'ml', 'ml'],
  perl: ['Perl', 'pl', 'pl'],
  php: ['PHP', 'php', ''],
  powershell: ['PowerShell', 'ps1', 'ps ps1 pwsh'],
  proto: ['Protocol Buffers', 'proto', 'protobuf'],
  python: ['Python', 'py', 'py python3 py3'],
  r: ['R', 'r', 'rscript'],
  ruby: ['Ruby', 'rb', 'rb'],
  rust: ['Rust', 'rs', 'rs'],
  scala: ['Scala', 'scala', ''],
  scss: ['SCSS', 'scss', 'sass'],
  shellscript: ['Shell', 'sh', 'sh bash zsh shell'],
  shellsession: ['Console', 'txt', 'console terminal sh-session'],
  solidity: ['Solidity', 'sol', 'sol'],
  sql: ['SQL', 'sql', 'mysql postgres postgresql plpgsql sqlite'],
  svelte: ['Svelte', 'svelte', ''],
  swift: ['Swift', 'swift', ''],
  terraform: ['Terraform', 'tf', 'tf hcl'],
  toml: ['TOML', 'toml', ''],
  tsx: ['TSX', 'tsx', ''],
  typescript: ['TypeScript', 'ts', 'ts mts cts'],
  vue: ['Vue', 'vue', ''],
  xml: ['XML', 'xml', 'svg xsl'],
  yaml: ['YAML', 'yaml', 'yml'],
  zig: ['Zig', 'zig', ''],
} as const;

const BY_WORD = new Map<string, CodeLanguage>(
  (Object.keys(LANGUAGES) as LanguageId[]).flatMap((id) => {
    const [name, extension, aliases] = LANGUAGES[id];
    const language: CodeLanguage = { id, name, extension };
    return [id, ...aliases.split(' ')].map((word): [string, CodeLanguage] => [word, language]);
  }),
);

/** The language that the word behind a fence means, whatever follows it (`ts{1,3}`, `py:main.py`). */
export function findCodeLanguage(word: string | null): CodeLanguage | undefined {
  const [start] = /^[\w+#.-]+/.exec(word ?? '') ?? [];
  return start === undefined ? undefined : BY_WORD.get(start.toLowerCase());
}
