import type { FootnoteReference, Root } from 'mdast';
import { type Block, toBlock } from './block';
import { Definitions, referencesIn } from './definitions';
import { type Cut, findCut, isDefinition, startOf } from './find-cut';
import type { Group, Groups } from './groups';
import { Mender } from './mend';
import { EMPTY_ROOT, isLooseAnew, keepLooseness, type Level, OpenBlocks } from './open-blocks';
import { findOpenCode } from './open-code';
import { closePart, cutPart, EMPTY_PART, reopened } from './open-part';
import { type DefinitionKey, type ParsedMarkdown, parseMarkdown } from './parse-markdown';
import { toSafeFootnotes, toSafeTree } from './safe-tree';
import { type Dependencies, isChanged, NO_DEPENDENCIES, type Part, SettledParts } from './settled-parts';

/** A document as it was parsed. What did not change keeps its identity. */
export type ParsedDocument = {
  readonly blocks: readonly Group<Block>[];
  readonly footnotes: Block | null;
  /** Whether something half written was completed for display. */
  readonly isMended: boolean;
};

const EMPTY_TREE: Root = { type: 'root', children: [] };
const NOTHING: ReadonlySet<DefinitionKey> = new Set();

/**
 * Parses a text that grows. Only what an append can still change is parsed again: the last lines of the last block, of the
 * last item in that, and so on, below lines that open the containers around them. What comes before is settled, but for a
 * definition that comes later, which changes the blocks that ask for it, and a list that turns loose, which changes itself,
 * once.
 *
 * What nests too deep throws; then the last block can be withdrawn.
 */
export class IncrementalParser {
  #text = '';
  #open = EMPTY_PART;
  readonly #parts = new SettledParts();
  readonly #definitions = new Definitions();
  readonly #mender = new Mender();

  /** @param prefix sets the ids of this document apart from those of others on the page */
  constructor(private readonly prefix: string) {}

  append(delta: string): void {
    this.#text += delta;
  }

  /** What is parsed at the next call: the end of the text, below lines that open what it stands in. */
  get unsettled(): string {
    return this.#open.context + this.#text.slice(this.#open.restStart);
  }

  /** Draws the document as it is, and settles what can be settled of it. */
  draw(): ParsedDocument {
    const rest = this.unsettled;
    const { tree, missing, isMended } = this.#parseMended(rest);
    const { levels } = this.#open;
    const turnsLoose = keepLooseness(tree, levels);
    const cut = this.#findCut(rest, tree);
    const openCode = findOpenCode(tree, rest);
    if (turnsLoose || (cut && isLooseAnew(cut, levels))) {
      // Complete lines alone can tell: a `-` may become an item, or a line across the page.
      const before = this.#open;
      this.settle();
      return this.#open === before ? { ...this.#drawOpen(tree, openCode), isMended } : this.draw();
    }
    const added = cut ? this.#definitions.add(tree, cut.offset, this.#base()) : NOTHING;
    const blocks = new OpenBlocks(levels, cut, openCode);
    const document = this.#toDocument(tree, blocks.join(this.#safe(tree)));
    if (cut) this.#cut(tree, cut, rest, missing, blocks.next);
    return this.#apply(added) ? this.draw() : { ...document, isMended };
  }

  /** Draws the document when nothing more comes. */
  complete(): ParsedDocument {
    const { tree } = this.#parse(this.unsettled);
    if (keepLooseness(tree, this.#open.levels)) {
      this.#reopen();
      return this.complete();
    }
    const added = this.#definitions.add(tree, Number.POSITIVE_INFINITY, this.#base());
    return this.#apply(added) ? this.complete() : this.#drawOpen(tree, null);
  }

  /** Settles what complete lines have made sure. */
  settle(): void {
    const rest = this.unsettled;
    const lines = rest.slice(0, rest.lastIndexOf('\n') + 1);
    const { tree, missing } = this.#parse(lines);
    if (keepLooseness(tree, this.#open.levels)) {
      this.#reopen();
      this.settle();
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

  /** Takes back what was appended last, unless some of it is settled. */
  retract(chars: number): boolean {
    const end = this.#text.length - chars;
    if (this.#open.restStart > end) return false;
    this.#text = this.#text.slice(0, end);
    return true;
  }

  /** Settles the last block as it is: what follows is no part of it. */
  endBlock(): void {
    const { tree, missing } = this.#parse(this.unsettled);
    const { context, levels } = this.#open;
    if (keepLooseness(tree, levels)) {
      this.#reopen();
      this.endBlock();
      return;
    }
    const added = this.#definitions.add(tree, Number.POSITIVE_INFINITY, this.#base());
    const drawn = new OpenBlocks(levels, null).join(this.#safe(tree));
    const references = referencesIn(tree, context.length, Number.POSITIVE_INFINITY);
    this.#end(drawn.isEmpty || drawn.last === '\n' ? drawn : drawn.append(['\n']), { missing, references });
    this.#apply(added);
  }

  /** Forgets the last block, and gives its text. */
  withdraw(): string {
    this.#reopen();
    const withdrawn = this.#text.slice(this.#open.start);
    this.#text = this.#text.slice(0, this.#open.start);
    return withdrawn;
  }

  /** Draws the document and, after it, a block as it is written. */
  drawPlain(text: string): ParsedDocument {
    const [root = EMPTY_ROOT] = this.#open.levels;
    return this.#toDocument(EMPTY_TREE, root.settled.append([{ type: 'plain', text }]));
  }

  /** Appends a block as it is written. */
  appendPlain(text: string): void {
    const [root = EMPTY_ROOT] = this.#open.levels;
    this.#text += text;
    this.#end(root.settled.append([{ type: 'plain', text: text.trimEnd() }, '\n']), NO_DEPENDENCIES);
  }

  /** Ends the last block with the text. */
  #end(settled: Groups<Block>, last: Dependencies): void {
    const { closed, open } = closePart(this.#open, this.#text.length, last);
    this.#parts.add(closed);
    this.#open = { ...open, levels: [{ ...EMPTY_ROOT, settled }] };
  }

  /** Where what is parsed would begin in the document, were it not for the context. */
  #base(): number {
    return this.#open.restStart - this.#open.context.length;
  }

  #parse(text: string): ParsedMarkdown {
    return parseMarkdown(text, (key) => this.#definitions.has(key));
  }

  /** Completes for display what is half written in the last line. */
  #parseMended(rest: string): ParsedMarkdown & Pick<ParsedDocument, 'isMended'> {
    const base = this.#base();
    const guess = this.#mender.guess(rest, base);
    const guessed = this.#parse(guess);
    if (guess === this.#mender.mend(rest, base, guessed.tree)) return { ...guessed, isMended: guess !== rest };
    const parsed = guess === rest ? guessed : this.#parse(rest);
    const mended = this.#mender.mend(rest, base, parsed.tree);
    return mended === rest ? { ...parsed, isMended: false } : { ...this.#parse(mended), isMended: true };
  }

  #safe(tree: Root, footnotesBefore = this.#references()) {
    return toSafeTree(tree, { prefix: this.prefix, definitions: this.#definitions.usedBy(tree), footnotesBefore });
  }

  /** To footnotes, before what is parsed. */
  #references(): readonly FootnoteReference[] {
    return [...this.#parts.references, ...this.#open.references];
  }

  #drawOpen(tree: Root, openCode: number | null): ParsedDocument {
    return this.#toDocument(tree, new OpenBlocks(this.#open.levels, null, openCode).join(this.#safe(tree)));
  }

  #toDocument(tree: Root, drawn: Groups<Block>): ParsedDocument {
    const isEndless = drawn.last === '\n' && tree.children.every(isDefinition);
    const blocks = isEndless ? drawn.withoutLast() : drawn;
    const here = referencesIn(tree, this.#open.context.length, Number.POSITIVE_INFINITY);
    const references = [...this.#references(), ...here];
    const footnotes = references.length > 0 ? this.#footnotesOf(tree, references) : null;
    return { blocks: blocks.toGroups(), footnotes, isMended: false };
  }

  #footnotesOf(tree: Root, references: readonly FootnoteReference[]): Block | null {
    const here = new Definitions();
    here.add(tree, Number.POSITIVE_INFINITY, this.#base());
    const footnotes = [...this.#definitions.footnotes, ...here.footnotes];
    const definitions = footnotes.flatMap((footnote) => this.#definitions.usedBy(footnote));
    const section = toSafeFootnotes(references, footnotes, { prefix: this.prefix, definitions });
    return section ? toBlock(section, null) : null;
  }

  #findCut(text: string, tree: Root): Cut | null {
    const cut = findCut(text, tree);
    return cut && cut.offset > this.#open.context.length ? cut : null;
  }

  /** Settles what comes before a cut; where that is in another block than before, that one is closed. */
  #cut(tree: Root, cut: Cut, text: string, asked: ReadonlySet<DefinitionKey>, levels: readonly Level[]): void {
    const missing = new Set([...asked].filter((key) => !this.#definitions.has(key)));
    const { closed, open } = cutPart(this.#open, { tree, cut, text, missing, levels });
    if (closed) this.#parts.add(closed);
    this.#open = open;
  }

  /** Goes back to the beginning of the last block. */
  #reopen(): void {
    this.#open = reopened(this.#open);
  }

  /** Parses again what has asked in vain for what is defined now, and tells whether something has. */
  #apply(added: ReadonlySet<DefinitionKey>): boolean {
    if (added.size === 0) return false;
    const before = this.#open;
    const isRenumbered = this.#parts.apply(added, (part, footnotesBefore) => this.#redo(part, footnotesBefore));
    if (isChanged(this.#open, added, isRenumbered)) this.#reopen();
    return this.#open !== before;
  }

  #redo({ start, end, proofEnd, first }: Part, footnotesBefore: readonly FootnoteReference[]): Dependencies {
    const length = end - start;
    const parsed = this.#parse(this.#text.slice(start, proofEnd));
    const tree: Root = { type: 'root', children: parsed.tree.children.filter((node) => startOf(node) < length) };
    const blocks = this.#safe(tree, footnotesBefore).children.map((node) => toBlock(node, null));
    this.#definitions.add(tree, length, start);
    const [root = EMPTY_ROOT, ...levels] = this.#open.levels;
    this.#open = { ...this.#open, levels: [{ ...root, settled: root.settled.replace(first, blocks) }, ...levels] };
    return { missing: parsed.missing, references: referencesIn(tree, 0, length) };
  }
}
