import type { FootnoteReference, Root } from 'mdast';
import { type Block, toBlock } from './block';
import { Definitions, referencesIn } from './definitions';
import { type Cut, findCut, isDefinition, startOf } from './find-cut';
import type { Group, Groups } from './groups';
import { isHostileMarkdown } from './hostile-markdown';
import { mendEnd } from './mend';
import { EMPTY_ROOT, keepLooseness, type Level, OpenBlocks } from './open-blocks';
import { findOpenCode } from './open-code';
import { ParseBudget } from './parse-budget';
import { type DefinitionKey, type ParsedMarkdown, parseMarkdown } from './parse-markdown';
import { toSafeFootnotes, toSafeTree } from './safe-tree';

/** A document as it is drawn. What did not change keeps its identity. */
export type MarkdownDocument = {
  readonly blocks: readonly Group<Block>[];
  readonly footnotes: Block | null;
  /** Whether some of it could not be parsed, and is shown as it is written. */
  readonly isPartlyPlain: boolean;
  /** Whether something half written was completed for display. */
  readonly isMended: boolean;
};

/** A stretch of settled blocks, and what it takes to parse them again. Offsets are those of the text. */
type Part = {
  readonly start: number;
  readonly end: number;
  /** The index of its first block in the document. */
  readonly first: number;
  missing: ReadonlySet<DefinitionKey>;
  references: readonly FootnoteReference[];
};

/** The last block of the root: what is settled of it, and where it begins. */
type OpenPart = {
  readonly start: number;
  /** The root, and the open containers in it. */
  readonly levels: readonly Level[];
  /** Lines that open these containers, and where the text goes on behind them. */
  readonly context: string;
  readonly restStart: number;
  readonly missing: ReadonlySet<DefinitionKey>;
  readonly references: readonly FootnoteReference[];
  readonly isPlain: boolean;
};

const EMPTY_PART: OpenPart = {
  start: 0,
  levels: [EMPTY_ROOT],
  context: '',
  restStart: 0,
  missing: new Set(),
  references: [],
  isPlain: false,
};

const NOTHING: ReadonlySet<DefinitionKey> = new Set();

/** A text that comes as a whole is read in steps of this size, or of what is open: then a block that is too slow is found early. */
const STEP_CHARS = 4096;

/** Where a block ends that could not be parsed: before a line that stands at the margin after a blank one. */
const PLAIN_END = /\n[ \t\r]*\n(?=\S)/g;

/**
 * A document that grows at its end. Only what an append can still change is parsed again: the last lines of the last block,
 * of the last item in that, and so on, below lines that open the containers around them. What comes before is settled, but
 * for a definition that comes later, which changes the blocks that ask for it, and a list that turns loose, which changes
 * itself, once.
 *
 * When it is complete, it is node for node what one pass over the whole text gives; but a block that is too deep or too
 * slow to parse is plain text.
 */
export class StreamedDocument {
  #text = '';
  /** How much of the text was read. */
  #end = 0;
  #open = EMPTY_PART;
  readonly #parts: Part[] = [];
  #closedReferences: FootnoteReference[] = [];
  #isPartlyPlain = false;
  readonly #definitions = new Definitions();

  /** @param prefix sets the ids of this document apart from those of others on the page */
  constructor(
    private readonly prefix: string,
    private readonly budget = new ParseBudget(),
  ) {}

  /** Appends to the text. */
  append(delta: string): void {
    this.#text += this.#text === '' ? delta.replace(/^\ufeff/, '') : delta;
    while (this.#end < this.#text.length) {
      const start = this.#end;
      const step = this.#end + Math.max(STEP_CHARS, this.#end - this.#open.restStart);
      const lineEnd = step < this.#text.length ? this.#text.indexOf('\n', step) : -1;
      this.#end = lineEnd < 0 ? this.#text.length : lineEnd + 1;
      if (this.#open.isPlain) this.#endPlain(start);
      // What is drawn anyway is settled then, and parsed only once.
      else if (this.#end < this.#text.length) this.#try(() => this.#settle());
    }
  }

  /** The document as it is; its last lines may still change. */
  draw(): MarkdownDocument {
    return this.#drawn(() => this.#read());
  }

  /** The document, when nothing more comes. */
  complete(): MarkdownDocument {
    return this.#drawn(() => this.#finish());
  }

  #drawn(draw: () => MarkdownDocument): MarkdownDocument {
    if (this.#open.isPlain) return this.#draw({ type: 'root', children: [] }, null);
    let drawn: MarkdownDocument | null = null;
    this.#try(() => {
      drawn = draw();
    });
    // What was given up is settled as plain text, and what follows it is another block.
    return drawn ?? this.#drawn(draw);
  }

  /** Does something with the rest, or gives it up. */
  #try(work: () => void): void {
    const rest = this.#rest();
    if (!isHostileMarkdown(rest) && this.budget.try(rest.length, work)) return;
    this.#reopen();
    this.#open = { ...this.#open, isPlain: true };
    this.#isPartlyPlain = true;
    this.#endPlain(this.#open.start);
  }

  #rest(): string {
    return this.#open.context + this.#text.slice(this.#open.restStart, this.#end);
  }

  /** Where the text of the rest would begin in the document, were it not for the context. */
  #base(): number {
    return this.#open.restStart - this.#open.context.length;
  }

  #parse(text: string): ParsedMarkdown {
    return parseMarkdown(text, (key) => this.#definitions.has(key));
  }

  #safe(tree: Root, footnotesBefore = this.#references()) {
    return toSafeTree(tree, { prefix: this.prefix, definitions: this.#definitions.usedBy(tree), footnotesBefore });
  }

  /** The references before the rest. */
  #references(): readonly FootnoteReference[] {
    return [...this.#closedReferences, ...this.#open.references];
  }

  /** Draws the rest, and settles what can be settled of it. */
  #read(): MarkdownDocument {
    const { rest, tree, missing, isMended } = this.#parseRest();
    const { levels } = this.#open;
    const turnsLoose = keepLooseness(tree, levels);
    const cut = this.#findCut(rest, tree);
    const openCode = findOpenCode(tree, rest);
    if (turnsLoose || (cut && isLooseAnew(cut, levels))) {
      // Complete lines alone can tell: a `-` may become an item, or a line across the page.
      const before = this.#open;
      this.#settle();
      return this.#open === before ? { ...this.#draw(tree, openCode), isMended } : this.#read();
    }
    const added = cut ? this.#definitions.add(tree, cut.offset, this.#base()) : NOTHING;
    const blocks = new OpenBlocks(levels, cut, openCode);
    const document = this.#toDocument(tree, blocks.join(this.#safe(tree)));
    if (cut) this.#cut(tree, cut, rest, missing, blocks.next);
    return this.#apply(added) ? this.#read() : { ...document, isMended };
  }

  /** The rest as it is shown; what is half written in its last line is complete there. */
  #parseRest(): ParsedMarkdown & { readonly rest: string; readonly isMended: boolean } {
    const rest = this.#rest();
    const parsed = this.#parse(rest);
    const mended = mendEnd(rest, parsed.tree);
    if (mended === null) return { rest, isMended: false, ...parsed };
    return { rest: mended, isMended: true, ...this.#parse(mended) };
  }

  #draw(tree: Root, openCode: number | null): MarkdownDocument {
    const drawn = new OpenBlocks(this.#open.levels, null, openCode).join(this.#safe(tree));
    return this.#toDocument(tree, drawn);
  }

  #toDocument(tree: Root, drawn: Groups<Block>): MarkdownDocument {
    const { context, isPlain, start } = this.#open;
    const isPartlyPlain = this.#isPartlyPlain;
    let blocks = drawn;
    if (isPlain) blocks = drawn.append([{ type: 'plain', text: this.#text.slice(start) }]);
    else if (drawn.last === '\n' && tree.children.every(isDefinition)) blocks = drawn.withoutLast();
    const references = [...this.#references(), ...referencesIn(tree, context.length, Number.POSITIVE_INFINITY)];
    const footnotes = references.length > 0 ? this.#footnotesOf(tree, references) : null;
    return { blocks: blocks.toGroups(), footnotes, isPartlyPlain, isMended: false };
  }

  #footnotesOf(tree: Root, references: readonly FootnoteReference[]): Block | null {
    const here = new Definitions();
    here.add(tree, Number.POSITIVE_INFINITY, this.#base());
    const footnotes = [...this.#definitions.footnotes, ...here.footnotes];
    const definitions = footnotes.flatMap((footnote) => this.#definitions.usedBy(footnote));
    const section = toSafeFootnotes(references, footnotes, { prefix: this.prefix, definitions });
    return section ? toBlock(section, null) : null;
  }

  #finish(): MarkdownDocument {
    const { tree } = this.#parse(this.#rest());
    if (keepLooseness(tree, this.#open.levels)) {
      this.#reopen();
      return this.#finish();
    }
    return this.#apply(this.#definitions.add(tree, Number.POSITIVE_INFINITY, this.#base()))
      ? this.#finish()
      : this.#draw(tree, null);
  }

  /** Settles what complete lines have made sure. */
  #settle(): void {
    const rest = this.#rest();
    const lines = rest.slice(0, rest.lastIndexOf('\n') + 1);
    const { tree, missing } = this.#parse(lines);
    if (keepLooseness(tree, this.#open.levels)) {
      this.#reopen();
      this.#settle();
      return;
    }
    const cut = this.#findCut(lines, tree);
    if (!cut) return;
    const added = this.#definitions.add(tree, cut.offset, this.#base());
    const blocks = new OpenBlocks(this.#open.levels, cut);
    blocks.join(this.#safe(tree));
    this.#cut(tree, cut, lines, missing, blocks.next);
    this.#apply(added);
  }

  #findCut(text: string, tree: Root): Cut | null {
    const cut = findCut(text, tree);
    return cut && cut.offset > this.#open.context.length ? cut : null;
  }

  #cut(tree: Root, cut: Cut, text: string, asked: ReadonlySet<DefinitionKey>, levels: readonly Level[]): void {
    const { context, restStart } = this.#open;
    const missing = new Set([...asked].filter((key) => !this.#definitions.has(key)));
    if (missing.size > 0) this.#open = { ...this.#open, missing: new Set([...this.#open.missing, ...missing]) };
    const first = text.lastIndexOf('\n', (cut.steps[0]?.start ?? cut.next ?? 0) - 1) + 1;
    let start = context.length;
    // Where the cut is in another block than before, that one is closed.
    if (first >= start && first > 0) {
      this.#close(restStart + first - start, referencesIn(tree, start, first));
      this.#open = { ...this.#open, missing };
      start = first;
    }
    this.#open = {
      ...this.#open,
      levels,
      context: cut.context,
      restStart: restStart + cut.offset - context.length,
      references: [...this.#open.references, ...referencesIn(tree, start, cut.offset)],
    };
  }

  /** Makes a part of what is open. */
  #close(end: number, references: readonly FootnoteReference[]): void {
    const { start, levels, missing } = this.#open;
    const first = levels[0]?.settled.length ?? 0;
    const inPart = [...this.#open.references, ...references];
    this.#parts.push({ start, end, first, missing, references: inPart });
    this.#closedReferences.push(...inPart);
    this.#open = { ...EMPTY_PART, levels: levels.slice(0, 1), start: end, restStart: end };
  }

  /** Goes back to the beginning of the last block. */
  #reopen(): void {
    const { start, levels } = this.#open;
    this.#open = { ...EMPTY_PART, levels: levels.slice(0, 1), start, restStart: start };
  }

  /** Looks for the end of a plain block in what came since `from`. */
  #endPlain(from: number): void {
    const { start, levels } = this.#open;
    // The blank line may have begun before.
    PLAIN_END.lastIndex = Math.max(start, from - STEP_CHARS);
    const found = PLAIN_END.exec(this.#text);
    if (!found) {
      this.#end = this.#text.length;
      return;
    }
    const end = found.index + found[0].length;
    const [root = EMPTY_ROOT] = levels;
    const settled = root.settled.append([{ type: 'plain', text: this.#text.slice(start, end).trimEnd() }, '\n']);
    this.#end = Math.max(this.#end, end);
    this.#open = { ...this.#open, levels: [{ ...root, settled }], isPlain: false };
    this.#close(end, []);
  }

  /** Parses again what has asked in vain for what is defined now, and tells whether something has. */
  #apply(added: ReadonlySet<DefinitionKey>): boolean {
    if (added.size === 0) return false;
    const before = this.#open;
    const asksFor = (missing: ReadonlySet<DefinitionKey>) => [...missing].some((key) => added.has(key));
    const references: FootnoteReference[] = [];
    // A footnote that is referred to for the first time counts, and so do those behind it by one more.
    let isRenumbered = false;
    for (const part of this.#parts) {
      if (asksFor(part.missing) || (isRenumbered && part.references.length > 0)) {
        const { length } = part.references;
        this.#redo(part, references);
        isRenumbered ||= part.references.length !== length;
      }
      references.push(...part.references);
    }
    this.#closedReferences = references;
    if (asksFor(this.#open.missing) || (isRenumbered && this.#open.references.length > 0)) this.#reopen();
    return this.#open !== before;
  }

  #redo(part: Part, footnotesBefore: readonly FootnoteReference[]): void {
    const length = part.end - part.start;
    // What follows a block ends it, and the end of a text does so in another way.
    const parsed = this.#parse(this.#text.slice(part.start, part.end + this.#lengthOfLines(part.end, 2)));
    const tree: Root = { type: 'root', children: parsed.tree.children.filter((node) => startOf(node) < length) };
    const blocks = this.#safe(tree, footnotesBefore).children.map((node) => toBlock(node, null));
    this.#definitions.add(tree, length, part.start);
    part.missing = parsed.missing;
    part.references = referencesIn(tree, 0, length);
    const [root = EMPTY_ROOT, ...levels] = this.#open.levels;
    this.#open = { ...this.#open, levels: [{ ...root, settled: root.settled.replace(part.first, blocks) }, ...levels] };
  }

  #lengthOfLines(start: number, count: number): number {
    let end = start;
    for (let line = 0; line < count; line += 1) end = this.#text.indexOf('\n', end) + 1 || this.#text.length;
    return end - start;
  }
}

/** Whether a cut is in a list that is loose and was not known to be. */
function isLooseAnew({ steps }: Cut, levels: readonly Level[]): boolean {
  // Where the cut is in another block than before, nothing is known.
  const isKnown = steps[0]?.start === 0;
  return steps.some((step, depth) => step.isLoose && !(isKnown && levels[depth + 1]?.isLoose));
}
