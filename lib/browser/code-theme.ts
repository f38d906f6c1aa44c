import type { ThemeRegistrationRaw } from '@shikijs/primitive';
import { CODE_KINDS, type CodeKind } from './code-colours';

/** The scopes of TextMate grammars by the kind that they are drawn as; the longer scope wins over the shorter one. */
const SCOPES: Readonly<Record<Exclude<CodeKind, 'text'>, readonly string[]>> = {
  comment: [
    'comment',
    'punctuation.definition.comment',
    'string.quoted.docstring',
    'meta.diff.header',
    'meta.diff.range',
    'punctuation.definition.range',
    'punctuation.definition.from-file',
    'punctuation.definition.to-file',
  ],
  keyword: [
    'keyword',
    'storage',
    'keyword.operator.new',
    'keyword.operator.expression',
    'keyword.operator.logical.python',
    'keyword.operator.word',
    'entity.name.tag',
    'entity.name.section',
    'markup.heading',
    'punctuation.definition.heading',
    'punctuation.definition.template-expression',
    'variable.language',
    'support.type.property-name.css',
  ],
  string: [
    'string',
    'punctuation.definition.string',
    'markup.inline.raw',
    'markup.underline.link',
    'constant.other.symbol',
  ],
  constant: [
    'constant',
    'support.constant',
    'variable.other.constant.property.env',
    'markup.list punctuation.definition.list',
  ],
  function: [
    'entity.name.function',
    'support.function',
    'meta.function-call.generic',
    'entity.name.command',
    'support.macro',
  ],
  type: [
    'entity.name.type',
    'entity.name.class',
    'entity.name.namespace',
    'entity.other.inherited-class',
    'support.type',
    'support.class',
    'storage.type.java',
    'storage.type.cs',
    'keyword.type',
  ],
  name: [
    'entity.other.attribute-name',
    'support.type.property-name',
    'meta.object-literal.key',
    'entity.name.tag.yaml',
    'variable.other.property.toml',
    'support.type.property-name.toml',
    'keyword.other.definition.ini',
    'meta.decorator',
    'entity.name.function.decorator',
  ],
  inserted: ['markup.inserted', 'punctuation.definition.inserted'],
  deleted: ['markup.deleted', 'punctuation.definition.deleted'],
};

/** Parts of the above that read as plain text: signs above all, which would be half of all elements. */
const TEXT_SCOPES = [
  'keyword.operator',
  'punctuation',
  'string meta.template.expression',
  'string meta.embedded',
  'meta.template.expression',
  'storage.modifier.import.java',
  'storage.modifier.package.java',
  'constant.other.database-name',
  'constant.other.table-name',
];

const colourOf = (kind: CodeKind) => `#${CODE_KINDS.indexOf(kind).toString(16).padStart(6, '0')}`;

/** The kind that one of the theme's colours stands for, as its index. The style sheet says what it looks like. */
export const kindOf = (colour: string | undefined): number => (colour ? Number.parseInt(colour.slice(1), 16) : 0);

export const CODE_THEME: ThemeRegistrationRaw = {
  name: 'kinds',
  type: 'light',
  fg: colourOf('text'),
  bg: colourOf('text'),
  settings: [
    { scope: TEXT_SCOPES, settings: { foreground: colourOf('text') } },
    ...Object.entries(SCOPES).map(([kind, scope]) => ({
      scope: [...scope],
      settings: { foreground: colourOf(kind as CodeKind) },
    })),
  ],
};
