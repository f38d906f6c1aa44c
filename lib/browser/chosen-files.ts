import type { Candidate } from './draft-files';

export function chosenFiles(files: Iterable<File> | null): readonly Candidate[] {
  return [...(files ?? [])].map((file) => ({ name: file.name, file }));
}

/** What is dropped. Only an entry tells a folder, which looks like a file of a few bytes. */
export function droppedFiles({ items }: DataTransfer): readonly Candidate[] {
  return [...items]
    .filter(({ kind }) => kind === 'file')
    .flatMap((item) => {
      const entry = item.webkitGetAsEntry?.();
      if (entry?.isDirectory) return [{ name: entry.name, file: null }];
      return chosenFiles([item.getAsFile()].filter((file) => file !== null));
    });
}

export const hasFiles = ({ types }: DataTransfer) => types.includes('Files');

/**
 * The files of what is pasted; none where it is rather words: text processors and spreadsheets put a picture of what was
 * copied beside it.
 */
export function pastedFiles(data: DataTransfer): readonly Candidate[] {
  const isFormatted = data.types.includes('text/plain') && /text\/(?:html|rtf)/.test(data.types.join());
  return isFormatted ? [] : droppedFiles(data);
}
