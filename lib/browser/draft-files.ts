import { type Attachment, filesBytes, imageBytesFor, MAX_ATTACHMENTS, MAX_FILES_BYTES } from '@/lib/chat/attachment';
import { sentenceOf, sentenceOfTooMany } from '@/lib/chat/file-problem';
import { type ChatStore, NEW_CHAT } from './chat-store';
import type { FileBox } from './file-box';
import { newId as newRandomId } from './new-id';
import type { ReadAttachment, ReadOptions } from './read-attachment';
import { unheard } from './unheard';

/** Something that was chosen. A folder has no file. */
export type Candidate = { readonly name: string; readonly file: File | null };

/** The files of the draft that is shown. */
export type DraftFilesState = {
  readonly attachments: readonly Attachment[];
  /** What is being read. */
  readonly pending: readonly { readonly id: string; readonly name: string }[];
  /** Why the rest of what was chosen last is not among them. */
  readonly problems: readonly string[];
};

/** Files on their way into a message. They are a draft's until they are known to have been sent. */
export type TakenFiles = {
  readonly attachments: readonly Attachment[];
  /** Says whether they were sent; else they are the draft's again. */
  readonly settle: (isSent: boolean) => void;
};

/** The files of messages that are not sent yet, for any view. They are stored with their draft. */
export type DraftFiles = {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => DraftFilesState;
  /** Shows those of this draft. */
  readonly show: (key: string) => void;
  readonly add: (candidates: readonly Candidate[]) => void;
  readonly remove: (id: string) => void;
  readonly dismissProblems: () => void;
  /** Takes all that are shown, to be sent. */
  readonly take: () => TakenFiles;
  /** Puts files of a message into a draft again, before those that it has. */
  readonly giveBack: (key: string, attachments: readonly Attachment[]) => void;
  /** Makes the files of a draft, also those that are being read, those of another one. */
  readonly move: (from: string, to: string) => void;
  /** Puts copies of files into a draft: each chat has its own. */
  readonly copy: (key: string, attachments: readonly Attachment[]) => Promise<void>;
};

type DraftFilesOptions = {
  readonly store: Pick<ChatStore, 'readDraftFiles' | 'writeDraftFiles'>;
  readonly box: FileBox;
  readonly read?: (file: File, options: ReadOptions) => Promise<ReadAttachment>;
  readonly newId?: () => string;
};

/** Loaded with the first file that somebody chooses. */
async function readWhenLoaded(file: File, options: ReadOptions): Promise<ReadAttachment> {
  const { readAttachment } = await import('./read-attachment');
  return readAttachment(file, options);
}

const NOTHING: DraftFilesState = { attachments: [], pending: [], problems: [] };

/** `taken`: how often files of it are on their way. */
type Draft = { key: string; state: DraftFilesState; reading: Promise<void>; whenRead: Promise<void>; taken: number };

export function createDraftFiles({
  store,
  box,
  read = readWhenLoaded,
  newId = newRandomId,
}: DraftFilesOptions): DraftFiles {
  const listeners = new Set<() => void>();
  const drafts = new Map<string, Draft>();
  let shown = open(NEW_CHAT, false);

  function open(key: string, isStored = true): Draft {
    const known = drafts.get(key);
    if (known) return known;
    const draft: Draft = { key, state: NOTHING, reading: Promise.resolve(), whenRead: Promise.resolve(), taken: 0 };
    if (!isStored) return draft;
    drafts.set(key, draft);
    draft.whenRead = readStored(draft);
    draft.reading = draft.whenRead;
    return draft;
  }

  async function readStored(draft: Draft): Promise<void> {
    const stored = await store.readDraftFiles(draft.key).catch(() => []);
    if (stored.length > 0) update(draft, { attachments: joined(stored, draft.state.attachments) });
  }

  /** What is stored may have been changed in another tab by the time it is shown again. */
  function forget(draft: Draft): void {
    if (draft.state.pending.length + draft.taken === 0) drafts.delete(draft.key);
  }

  function update(draft: Draft, changes: Partial<DraftFilesState>): void {
    draft.state = { ...draft.state, ...changes };
    if (draft === shown) for (const listener of listeners) listener();
  }

  /** What is not known yet of a draft must not be written over. */
  function change(draft: Draft, changed: (attachments: readonly Attachment[]) => readonly Attachment[]): void {
    update(draft, { attachments: changed(draft.state.attachments) });
    unheard(draft.whenRead.then(() => store.writeDraftFiles(draft.key, draft.state.attachments)));
  }

  const complain = (draft: Draft, sentence: string) => update(draft, { problems: [...draft.state.problems, sentence] });

  function isPending(draft: Draft, id: string): boolean {
    return draft.state.pending.some((each) => each.id === id);
  }

  async function attach(draft: Draft, { name, file }: Candidate, options: ReadOptions): Promise<void> {
    const { id } = options;
    if (!isPending(draft, id)) return;
    const found: ReadAttachment = file ? await read(file, options).catch(() => UNREADABLE) : FOLDER;
    // Its person has thought again.
    if (!isPending(draft, id)) return;
    if ('problem' in found) complain(draft, sentenceOf(found.problem, name));
    else if (filesBytes([...draft.state.attachments, found.attachment]) > MAX_FILES_BYTES) {
      complain(draft, sentenceOf('no-room', name));
    } else {
      await box.keep(id, draft.key, found.blob);
      if (!isPending(draft, id)) return;
      change(draft, (attachments) => [...attachments, found.attachment]);
    }
    update(draft, { pending: draft.state.pending.filter((each) => each.id !== id) });
  }

  function add(candidates: readonly Candidate[]): void {
    const draft = shown;
    const { attachments, pending } = draft.state;
    const accepted = candidates.slice(0, Math.max(0, MAX_ATTACHMENTS - attachments.length - pending.length));
    const leftOut = candidates.length - accepted.length;
    const entries = accepted.map((candidate) => ({ id: newId(), name: candidate.name, candidate }));
    const maxImageBytes = imageBytesFor(attachments.length + pending.length + accepted.length);
    update(draft, { pending: [...pending, ...entries], problems: leftOut > 0 ? [sentenceOfTooMany(leftOut)] : [] });
    // One after the other: they stay in their order, and only one picture is open at a time.
    for (const { id, candidate } of entries) {
      draft.reading = draft.reading.then(() => attach(draft, candidate, { id, maxImageBytes }));
    }
  }

  function giveBack(key: string, attachments: readonly Attachment[]): void {
    if (attachments.length === 0) return;
    change(open(key), (present) => joined(attachments, present));
  }

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => shown.state,
    show: (key) => {
      if (shown.key !== key) forget(shown);
      shown = open(key);
      for (const listener of listeners) listener();
    },
    add,
    remove: (id) => {
      const { attachments, pending } = shown.state;
      update(shown, { pending: pending.filter((each) => each.id !== id) });
      if (attachments.some((each) => each.id === id)) change(shown, (all) => all.filter((each) => each.id !== id));
    },
    dismissProblems: () => update(shown, { problems: [] }),
    take: () => {
      const draft = shown;
      const { attachments } = draft.state;
      update(draft, { attachments: [], problems: [] });
      draft.taken += 1;
      return {
        attachments,
        settle: (isSent) => {
          draft.taken -= 1;
          if (!isSent) giveBack(draft.key, attachments);
          else if (attachments.length > 0) change(draft, (present) => present);
          if (draft !== shown) forget(draft);
        },
      };
    },
    giveBack,
    move: (from, to) => {
      const draft = drafts.get(from);
      if (!draft) return;
      drafts.delete(from);
      draft.key = to;
      drafts.set(to, draft);
      unheard(draft.whenRead.then(() => store.writeDraftFiles(from, [])));
      change(draft, (attachments) => attachments);
      if (draft === shown) shown = draft;
    },
    copy: async (key, attachments) => {
      const copies: Attachment[] = [];
      for (const attachment of attachments) {
        const blob = await box.read(attachment.id);
        const copy = { ...attachment, id: newId() };
        if (!blob) continue;
        await box.keep(copy.id, key, blob);
        copies.push(copy);
      }
      giveBack(key, copies);
    },
  };
}

/** Both, each file once. */
function joined(first: readonly Attachment[], second: readonly Attachment[]): readonly Attachment[] {
  return [...first, ...second.filter(({ id }) => first.every((each) => each.id !== id))];
}

const UNREADABLE: ReadAttachment = { problem: 'unreadable' };
const FOLDER: ReadAttachment = { problem: 'folder' };
