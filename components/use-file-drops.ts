import { useEffect, useEffectEvent, useState } from 'react';
import { droppedFiles, hasFiles, pastedFiles } from '@/lib/browser/chosen-files';
import type { Candidate } from '@/lib/browser/draft-files';

/**
 * Takes files that are dropped or pasted, wherever on the page: a browser would leave it to show them. Gives whether some
 * are held over it.
 */
export function useFileDrops(onFiles: (candidates: readonly Candidate[]) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  const add = useEffectEvent(onFiles);

  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!event.dataTransfer || !hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = isModal() ? 'none' : 'copy';
      setIsOver(!isModal());
    };
    const leave = (event: DragEvent) => {
      // Into another element it only moves on.
      if (event.relatedTarget === null) setIsOver(false);
    };
    const drop = (event: DragEvent) => {
      setIsOver(false);
      if (!event.dataTransfer || !hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      if (!isModal()) add(droppedFiles(event.dataTransfer));
    };
    const paste = (event: ClipboardEvent) => {
      const files = event.clipboardData ? pastedFiles(event.clipboardData) : [];
      if (files.length === 0 || isModal() || isOtherField(event.target)) return;
      event.preventDefault();
      add(files);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    addEventListener('paste', paste);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
      removeEventListener('paste', paste);
    };
  }, []);

  return isOver;
}

const isModal = () => document.querySelector('dialog:modal') !== null;

/** A name or a search is typed there. */
const isOtherField = (target: EventTarget | null) => target instanceof HTMLInputElement;
