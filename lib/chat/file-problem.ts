import { MAX_ATTACHMENTS, MAX_FILE_BYTES, sizeText } from './attachment';

/** Why a file was not attached. */
export type FileProblem =
  | 'empty'
  | 'folder'
  | 'unreadable'
  | 'unknown-kind'
  | 'unknown-image'
  | 'locked'
  | 'too-large'
  | 'no-room';

const SENTENCES: Readonly<Record<FileProblem, (name: string) => string>> = {
  empty: (name) => `${name} is empty.`,
  folder: (name) => `${name} is a folder: attach the files in it.`,
  unreadable: (name) => `${name} could not be read. It may have been moved or changed.`,
  'unknown-kind': (name) => `${name} is neither an image, nor a PDF, nor text in UTF-8, so Claude cannot read it.`,
  'unknown-image': (name) => `${name} is damaged, or of a kind that this browser cannot open. Save it as JPEG or PNG.`,
  locked: (name) => `${name} is protected, and Claude cannot open it. Save it without a password.`,
  'too-large': (name) => `${name} is too large: up to ${sizeText(MAX_FILE_BYTES)} can be sent.`,
  'no-room': (name) => `${name} does not fit into this message any more. Send it with the next one.`,
};

/** What a person is told of it. */
export function sentenceOf(problem: FileProblem, name: string): string {
  return SENTENCES[problem](`“${shortened(name)}”`);
}

export function sentenceOfTooMany(leftOut: number): string {
  const rest = leftOut === 1 ? 'One was left out.' : `${leftOut} were left out.`;
  return `${MAX_ATTACHMENTS} files can go with one message. ${rest}`;
}

const MAX_NAME_CHARS = 48;

/** A name that does not crowd out its sentence; what tells most, its beginning and its end, stays. */
function shortened(name: string): string {
  const letters = [...name];
  if (letters.length <= MAX_NAME_CHARS) return name;
  return `${letters.slice(0, MAX_NAME_CHARS - 14).join('')}…${letters.slice(-13).join('')}`;
}
